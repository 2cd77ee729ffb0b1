import { matchGlobs } from './match-glob.ts';

/** A path as a glob that matches it alone; only what would be read as a pattern is escaped, so that most paths stay as they are. */
export function escapeGlob(path: string): string {
  if (!/[\\*?[\]{}()|!^$]/.test(path) && matchGlobs([path])(path)) return path;
  return path.replace(/[\\!$()*+?@[\]^{|}]/g, '\\$&');
}
