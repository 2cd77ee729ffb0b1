import { compareCodeUnits, whyRefused } from '../util/path.ts';

/** What the shims print, in front of JSON. */
const MARK = 'LAMBDA_SLIM_MISSED ';
const FACTS = /^\{"path":("(?:[^"\\]|\\.)*")[^{}]*\}/;

/** The files that a run had to fetch, by the lines that its shim printed; sorted, each once. Logs hold whatever a function prints. */
export function readMissed(logs: string): readonly string[] {
  const paths = logs
    .split(MARK)
    .slice(1)
    .flatMap(text => readPath(text) ?? []);
  return [...new Set(paths)].sort(compareCodeUnits);
}

function readPath(text: string): string | null {
  const [, quoted] = FACTS.exec(text) ?? [];
  if (quoted === undefined) return null;
  try {
    const path: unknown = JSON.parse(quoted);
    return typeof path === 'string' && whyRefused(path) === null ? path : null;
  } catch {
    return null;
  }
}
