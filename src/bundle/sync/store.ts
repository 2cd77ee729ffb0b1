import { lstat, readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SlimError } from '../../errors.ts';
import { makeFolders, orNull } from '../../util/fs.ts';

/** Where things lie in the folder that a sync writes. */
export interface Store {
  readonly dir: string;
  /** Says that it is a store, and whose. */
  readonly mark: string;
  /** Link to the release that counts, `releases/<id>`. */
  readonly current: string;
  /** Whole releases, and nothing else. */
  readonly releases: string;
  readonly manifests: string;
  readonly locks: string;
  /** Folders of the owners of the lock, by its number. */
  readonly work: string;
  /** What a verification found, by release. */
  readonly spoilt: string;
  readonly history: string;
}

const RELEASE = /^[0-9a-f]{64}$/;

export function toStore(dir: string): Store {
  const at = (name: string): string => join(dir, name);
  return {
    dir,
    mark: at('store.json'),
    current: at('current'),
    releases: at('releases'),
    manifests: at('manifests'),
    locks: at('locks'),
    work: at('work'),
    spoilt: at('spoilt'),
    history: at('history.json'),
  };
}

/** Makes the folders that every sync needs. */
export async function makeStore({ releases, manifests, locks, work, spoilt }: Store): Promise<void> {
  for (const folder of [releases, manifests, locks, work, spoilt]) await makeFolders(folder);
}

export function isReleaseId(name: string): boolean {
  return RELEASE.test(name);
}

/** Ids of the releases that are there, whole ones only. */
export async function listReleases(store: Store): Promise<readonly string[]> {
  const names = (await orNull(readdir(store.releases))) ?? [];
  return names.filter(isReleaseId).sort();
}

/** The release that `current` leads to; null where there is none, or the link is not ours. */
export async function readCurrent(store: Store): Promise<string | null> {
  const target = await orNull(readlink(store.current).catch(nullIfNoLink));
  const id = target === null ? '' : basename(target);
  return target === join('releases', id) && isReleaseId(id) ? id : null;
}

/** Throws `SYNC_UNWRITABLE` where something of somebody else has the place of `current`. */
export async function checkCurrent({ current }: Store): Promise<void> {
  const found = await orNull(lstat(current));
  if (!found || found.isSymbolicLink()) return;
  const what = found.isDirectory() ? 'a folder' : 'a file';
  throw new SlimError('SYNC_UNWRITABLE', [current, `${what} is in the way of the link`]);
}

function nullIfNoLink(error: NodeJS.ErrnoException): null {
  if (error.code === 'EINVAL') return null;
  throw error;
}
