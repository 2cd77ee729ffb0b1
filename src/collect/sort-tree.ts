import type { Entry, Removal, Tree } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';

/** Puts a tree in order; of two entries for one path the first stays. */
export function sortTree(tree: Tree): Tree {
  const entries = new Map<string, Entry>();
  for (const entry of tree.entries) if (!entries.has(entry.path)) entries.set(entry.path, entry);
  const removals = new Map<string, Removal>();
  for (const removal of tree.removals) if (!entries.has(removal.path)) removals.set(removal.path, removal);
  const byPath = (a: { path: string }, b: { path: string }): number => compareCodeUnits(a.path, b.path);
  return {
    entries: [...entries.values()].sort(byPath),
    packages: [...tree.packages].sort(
      (a, b) => compareCodeUnits(a.dir, b.dir) || compareCodeUnits(a.name, b.name),
    ),
    removals: [...removals.values()].sort(byPath),
  };
}
