import type { ConfigChange } from '../findings.ts';
import { escapeGlob } from '../presets/escape-glob.ts';
import { compareCodeUnits } from '../util/path.ts';

/** Files of a folder from which on one glob for all of them reads better. */
const LEAST_FOR_FOLDER = 3;

/**
 * The change of the config that leaves files of a rule alone; null where the config itself took them out. No glob of it matches any
 * other of `all` suspects: what it names is kept from every rule.
 */
export function mendOf(rule: string, paths: readonly string[], all: readonly string[]): ConfigChange | null {
  const globs = toGlobs(paths, all);
  switch (rule) {
    case 'config/exclude':
      return null;
    case 'native/strip':
      return { setting: 'native.stripExcept', add: globs };
    case 'native/compressed':
      return { setting: 'native.compress.except', add: globs };
    case 'native/shared':
      return { setting: 'native.dedupe', set: false };
    case 'collect/untraced':
      return { setting: 'include', add: globs };
    default:
      return { setting: 'keep', add: globs };
  }
}

/** The fewest globs that match `paths` and no other of `all`: a folder where all of it is meant, else each file. */
export function toGlobs(paths: readonly string[], all: readonly string[]): readonly string[] {
  const wanted = new Set(paths);
  const others = all.filter(path => !wanted.has(path));
  const globs = paths.map(path => {
    const folder = foldersOf(path).find(
      dir => !others.some(other => isInside(other, dir)) && countInside(paths, dir) >= LEAST_FOR_FOLDER,
    );
    return folder === undefined ? escapeGlob(path) : `${escapeGlob(folder)}/**`;
  });
  return [...new Set(globs)].sort(compareCodeUnits);
}

/** The folders of a path, the highest first. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function isInside(path: string, dir: string): boolean {
  return path.startsWith(`${dir}/`);
}

function countInside(paths: readonly string[], dir: string): number {
  return paths.filter(path => isInside(path, dir)).length;
}
