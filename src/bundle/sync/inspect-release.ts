import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { BundleManifest } from '../types.ts';
import { type Checking, checkFiles } from './check-files.ts';
import type { Store } from './store.ts';
import { lookThrough, toWanted } from './sweep-tree.ts';
import type { Problem } from './types.ts';

/** What Python writes beside modules when it may. */
const PYTHON_CACHE = /(?:^|\/)__pycache__(?:\/|$)/;

/**
 * Tells what is wrong with a release that is there, sorted by path. Without `checking` only kinds, sizes and modes are looked at,
 * else every byte is read.
 */
export async function inspectRelease(
  store: Store,
  release: string,
  manifest: BundleManifest,
  checking: Checking | null,
): Promise<readonly Problem[]> {
  const root = join(store.releases, release);
  const wanted = toWanted(manifest);
  const { found, strange } = await lookThrough(root, wanted);
  const there = manifest.files.filter(({ path }) => found.has(path));
  const problems: Problem[] = [
    ...strange
      .filter(path => !PYTHON_CACHE.test(path))
      .map(path => ({ path, kind: wanted.has(path) ? ('kind' as const) : ('unknown' as const) })),
    ...[...manifest.files, ...manifest.links]
      .filter(({ path }) => !found.has(path) && !strange.includes(path))
      .map(({ path }) => ({ path, kind: 'missing' as const })),
    ...(checking ? await checkFiles(root, there, checking) : checkStats(there, found)),
  ];
  return problems.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function checkStats(files: BundleManifest['files'], found: ReadonlyMap<string, Stats>): readonly Problem[] {
  return files.flatMap(({ path, bytes, mode }): readonly Problem[] => {
    const stats = found.get(path);
    if (stats?.size !== bytes) return [{ path, kind: 'changed' }];
    return (stats.mode & 0o7777) === mode ? [] : [{ path, kind: 'mode' }];
  });
}
