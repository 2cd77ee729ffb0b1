import { posix } from 'node:path';
import type { Entry, LinkEntry, RuleRef } from '../types.ts';

/** Adds the links that led to nothing but removed files, under the rule that took those; a link in the air helps nobody. */
export function dropLinks(
  entries: readonly Entry[],
  removed: ReadonlyMap<string, RuleRef>,
): ReadonlyMap<string, RuleRef> {
  const all = new Map(removed);
  const links = entries.filter(entry => entry.kind === 'link');
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    const standing = new Set(entries.flatMap(({ path }) => (all.has(path) ? [] : foldersAnd(path))));
    for (const link of links) {
      const target = targetOf(link);
      if (all.has(link.path) || standing.has(target)) continue;
      const rule = all.get(target) ?? findInside(target, all);
      if (rule) all.set(link.path, rule);
    }
  }
  return all;
}

function targetOf({ path, target }: LinkEntry): string {
  return posix.join(posix.dirname(path), target);
}

function foldersAnd(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function findInside(folder: string, removed: ReadonlyMap<string, RuleRef>): RuleRef | undefined {
  for (const [path, rule] of removed) if (path.startsWith(`${folder}/`)) return rule;
  return undefined;
}
