/** The name of a distribution as registries compare it: `Flask_SQLAlchemy` is `flask-sqlalchemy` (PEP 503). */
export function normalizeName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
