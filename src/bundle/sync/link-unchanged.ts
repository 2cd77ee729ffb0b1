import { link, lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, orNull } from '../../util/fs.ts';
import { mapPool } from '../../util/pool.ts';
import type { BundleFile } from '../types.ts';
import { readStored } from './read-stored.ts';
import { listReleases, type Store } from './store.ts';
import { FILES_AT_ONCE } from './tree-folders.ts';

/** Newest releases that are looked through for files. */
const MOST_RELEASES = 5;

/** Where files of other releases lie, by what they are. */
export type Known = ReadonlyMap<string, readonly { readonly release: string; readonly path: string }[]>;

/** Same key, same file. */
function toKey({ sha256, bytes, mode }: BundleFile): string {
  return `${sha256} ${bytes} ${mode}`;
}

/** Lists what the newest releases of a store have, but for one. */
export async function listKnown(store: Store, except: string): Promise<Known> {
  const others = (await listReleases(store)).filter(release => release !== except);
  const aged = await mapPool(others, FILES_AT_ONCE, async release => ({
    release,
    ms: (await orNull(stat(join(store.releases, release))))?.mtimeMs ?? 0,
  }));
  const newest = aged.toSorted((a, b) => b.ms - a.ms).slice(0, MOST_RELEASES);
  const known = new Map<string, { release: string; path: string }[]>();
  for (const { release } of newest) {
    const stored = await readStored(store, release);
    for (const file of stored.kind === 'whole' ? stored.manifest.files : []) {
      if (file.bytes === 0) continue;
      const places = known.get(toKey(file)) ?? [];
      places.push({ release, path: file.path });
      known.set(toKey(file), places);
    }
  }
  return known;
}

/** Reasons for which a file cannot be linked, but can be written. */
const NO_LINK = ['ENOENT', 'ENOTDIR', 'EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ELOOP'];

/** Links a file out of another release into the tree at `root`; false where none has it, or it cannot be linked. */
export async function linkKnown(
  store: Store,
  known: Known,
  file: BundleFile,
  root: string,
): Promise<boolean> {
  const places = known.get(toKey(file)) ?? [];
  // A file system limits how many links a file may have, so its own path comes first.
  const place = places.find(({ path }) => path === file.path) ?? places[0];
  if (!place) return false;
  const source = join(store.releases, place.release, place.path);
  const stats = await orNull(lstat(source));
  if (!stats?.isFile() || stats.size !== file.bytes || (stats.mode & 0o7777) !== file.mode) return false;
  try {
    await link(source, join(root, file.path));
    return true;
  } catch (error) {
    if (NO_LINK.includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}
