import type { Tree } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';

/**
 * The paths that a person may mean: the path itself, those that end in it, the package of that name or folder (told by its
 * package.json), or files whose name holds it, those that stayed before those that went.
 */
export function findMatches(path: string, { entries, packages, removals }: Tree): readonly string[] {
  const kept = entries.map(entry => entry.path as string);
  const gone = removals.map(removal => removal.path);
  const all = [...kept, ...gone];
  if (all.includes(path)) return [path];
  const instances = packages.filter(({ name, dir }) => name === path || dir === path);
  const holds = (candidate: string): boolean =>
    candidate.slice(candidate.lastIndexOf('/') + 1).includes(path);
  const attempts = [
    all.filter(candidate => candidate.endsWith(`/${path}`)),
    instances.map(({ dir }) => `${dir}/package.json`).filter(manifest => kept.includes(manifest)),
    gone.filter(candidate => candidate.endsWith(`node_modules/${path}/package.json`)),
    kept.filter(holds),
    gone.filter(holds),
  ];
  const found = attempts.find(matches => matches.length > 0) ?? [];
  return [...new Set(found)].sort(compareCodeUnits);
}
