import { z } from 'zod';
import { holds, type MarkerEnvironment } from '../../../python/markers.ts';
import { formatExtras } from '../../../python/requirement.ts';
import { fitsSpecifiers } from '../../../python/versions.ts';

const table = z.looseObject({
  version: z.string().optional(),
  extras: z.array(z.string()).optional(),
  markers: z.string().optional(),
  python: z.string().optional(),
  platform: z.string().optional(),
  optional: z.boolean().optional(),
  git: z.string().optional(),
  rev: z.string().optional(),
  tag: z.string().optional(),
  branch: z.string().optional(),
  subdirectory: z.string().optional(),
  path: z.string().optional(),
  file: z.string().optional(),
  url: z.string().optional(),
});
const dependency = z.union([z.string().transform(version => ({ version })), table]);

/** A dependency as Poetry, Pipenv and `tool.uv.sources` write it: a table, or the version alone. */
export type TableDependency = z.infer<typeof table>;

const anyNumber = z.union([z.array(dependency), dependency.transform(one => [one])]);

/** Reads the value of one name; several tables are for several targets. */
export function readTables(value: unknown): readonly TableDependency[] {
  return anyNumber.parse(value);
}

/** Whether a dependency is for the target; `extras` are those that the package was asked for with. */
export function isForTarget(
  { markers, python, platform }: TableDependency,
  environment: MarkerEnvironment,
  extras: readonly string[] = [],
): boolean {
  return (
    (!markers || holds(markers, environment, extras)) &&
    (!python || fitsSpecifiers(environment.python_full_version ?? '', toSpecifiers(python))) &&
    (!platform || platform === environment.sys_platform)
  );
}

/** A line of pip's format for a dependency; that of a path or a repository says where. */
export function toLine(name: string, dependency: TableDependency): string {
  const { version = '*', extras = [], git, path, file, url } = dependency;
  const place =
    git !== undefined ? toGitUrl(git, dependency) : (url ?? (path ?? file)?.replace(/^(?!\.|\/|\w:)/, './'));
  const named = `${name}${formatExtras(extras)}`;
  if (place === undefined) return `${named}${toSpecifiers(version)}`;
  return `${named} @ ${/^[\w+]+:/.test(place) ? place : `file:${place}`}`;
}

function toGitUrl(git: string, { rev, tag, branch, subdirectory }: TableDependency): string {
  const at = rev ?? tag ?? branch;
  const url = `${git.startsWith('git+') ? '' : 'git+'}${git.replace(/^git@([^:]+):/, 'ssh://git@$1/')}`;
  return `${url}${at ? `@${at}` : ''}${subdirectory ? `#subdirectory=${subdirectory}` : ''}`;
}

/**
 * Poetry's version constraints as specifiers of PEP 440: `^1.2` is `>=1.2,<2`, `~1.2` is `>=1.2,<1.3`. Of alternatives joined by
 * `||` the last counts, which is for the newest versions.
 */
export function toSpecifiers(constraint: string): string {
  const last = constraint.split(/\s*\|\|?\s*/).at(-1) ?? '';
  const clauses = last.match(/(?:[~^]|~=|[<>=!]=?|===)?\s*[\w*][\w.*+!-]*/g) ?? [];
  return clauses
    .map(clause => toClause(clause.replace(/\s/g, '')))
    .filter(Boolean)
    .join(',');
}

function toClause(clause: string): string {
  const [, operator = '', version = ''] = /^(~=|[~^]|[<>=!]*)(.*)$/.exec(clause) ?? [];
  if (version === '*') return '';
  if (operator === '' || operator === '=') return `==${version}`;
  if (operator !== '^' && operator !== '~') return clause;
  const parts = version.split('.').map(part => Number.parseInt(part, 10));
  const firstSet = parts.findIndex(part => part > 0);
  const kept = operator === '~' ? Math.min(1, parts.length - 1) : firstSet < 0 ? parts.length - 1 : firstSet;
  const next = parts.slice(0, kept + 1).map((part, index) => (index === kept ? part + 1 : part));
  return `>=${version},<${next.join('.')}`;
}
