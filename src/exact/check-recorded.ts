import { SlimError } from '../errors.ts';
import type { Tree } from '../types.ts';

/** What a module may end in that a handler names by its stem. */
const ENDS = ['', '.js', '.mjs', '.cjs', '.py', '/__init__.py'];

/** Refuses a recording in which not even the handler was read: whatever kept the recorder out, it says nothing. Throws `EXACT_NOT_RECORDED`. */
export function checkRecorded(read: ReadonlySet<string>, handler: string, { entries }: Tree): void {
  const at = handler.lastIndexOf('/') + 1;
  const stems = [
    handler.slice(0, at) + handler.slice(at).replace(/\..*$/, ''),
    handler.replace(/\.[^.]*$/, '').replaceAll('.', '/'),
  ];
  const names = new Set(stems.flatMap(stem => ENDS.map(end => stem + end)));
  const candidates = entries.filter(({ path }) => names.has(path));
  const isSeen = candidates.length > 0 ? candidates.some(({ path }) => read.has(path)) : read.size > 0;
  if (!isSeen) throw new SlimError('EXACT_NOT_RECORDED', [candidates[0]?.path ?? handler]);
}
