import { join, relative } from 'node:path';
import { matchGlobs } from '../presets/match-glob.ts';
import type { Entry, Removal, ResolvedFunction, RuleRef } from '../types.ts';
import { bytesOf } from '../util/entry-bytes.ts';
import { toPosix } from '../util/path.ts';

const EXCLUDED: RuleRef = { id: 'config/exclude', why: 'the config says to leave it out' };

/** Takes out what the user's `exclude` patterns name, below the function's root; never the bundle itself. */
export function excludeEntries(
  entries: readonly Entry[],
  fn: Pick<ResolvedFunction, 'root' | 'exclude'>,
  base: string,
): { readonly entries: readonly Entry[]; readonly removals: readonly Removal[] } {
  const match = matchGlobs(fn.exclude);
  const isExcluded = ({ path, origin }: Entry): boolean =>
    origin.kind !== 'entry' && match(toPosix(relative(fn.root, join(base, path))));
  const removals = entries.filter(isExcluded).map(entry => ({
    path: entry.path,
    bytes: bytesOf(entry),
    rule: EXCLUDED,
  }));
  return { entries: entries.filter(entry => !isExcluded(entry)), removals };
}
