import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { SlimError } from '../../errors.ts';
import { errnoOf, exists, isMissing, orNull } from '../../util/fs.ts';
import { explainFailure } from './explain-failure.ts';
import { checkCurrent, type Store, toStore } from './store.ts';
import { readMark } from './store-mark.ts';

/**
 * The store that a sync is to write, in a folder that may not be there yet; nothing is made. Throws `SYNC_UNWRITABLE` where
 * something is in the way of it, `STORE_IN_THE_WAY`.
 */
export async function planStore(dir: string): Promise<Store> {
  const store = toStore(await resolveLinks(dir));
  await readMark(store);
  await checkCurrent(store);
  return store;
}

/** A store that is there. Throws `STORE_MISSING`, `STORE_IN_THE_WAY` where its mark is not one. */
export async function findStore(dir: string): Promise<Store> {
  const real = await orNull(realpath(dir));
  const store = toStore(real ?? dir);
  const isMarked = real !== null && (await exists(store.mark));
  if (!isMarked) throw new SlimError('STORE_MISSING', [dir]);
  await readMark(store);
  return store;
}

/** True where a folder that may not be there yet is, or would lie in, another one, whatever links lead there. */
export async function liesIn(dir: string, folder: string): Promise<boolean> {
  try {
    const wanted = await orNull(stat(folder, { bigint: true }));
    for (let path = await resolveLinks(dir); wanted; path = dirname(path)) {
      const found = await orNull(stat(path, { bigint: true }));
      if (found?.dev === wanted.dev && found.ino === wanted.ino) return true;
      if (dirname(path) === path) break;
    }
    return false;
  } catch (error) {
    throw await explainFailure(error, { dir, lock: null, signal: undefined, onlyReads: true });
  }
}

/** What is there of a path, by its real name, and the rest of it as it is. */
async function resolveLinks(dir: string): Promise<string> {
  for (let path = dir; ; path = dirname(path)) {
    if (!(await orNull(lstat(path).catch(nullIfLoop)))) continue;
    const real = await realpath(path).catch((error: unknown) => refuseLink(path, error));
    if (!(await stat(real)).isDirectory())
      throw new SlimError('SYNC_UNWRITABLE', [path, 'a file is in the way of the folder']);
    return join(real, relative(path, dir));
  }
}

/** One of the links above goes round in a circle. */
function nullIfLoop(error: unknown): null {
  if (errnoOf(error) === 'ELOOP') return null;
  throw error;
}

function refuseLink(path: string, error: unknown): never {
  if (!isMissing(error) && errnoOf(error) !== 'ELOOP') throw error;
  throw new SlimError('SYNC_UNWRITABLE', [path, 'it is a link that leads nowhere'], { cause: error });
}
