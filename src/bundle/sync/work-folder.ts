import { lstat, mkdir, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import type { Lock } from './lock.ts';
import { listNumbers } from './lock-file.ts';
import type { Store } from './store.ts';

/** Names of what is to be removed begin with this. */
export const GONE = 'gone-';
/** What a sync before has left that nobody goes on with. */
export const LEFT =
  /^(?:gone-(?:\d+|spoilt|[0-9a-f]{64}(?:\.json)?)|new-(?:current|history\.json|[0-9a-f]{64}\.json)|old-\d+)$/;

/**
 * Makes the folder that the owner of a lock works in, out of that of the owner before, with what it had begun. Everything that
 * changes a store is renamed out of or into that folder; so nobody who wakes up after having lost the lock can change anything.
 */
export async function openWorkFolder({ work }: Store, lock: Lock): Promise<string> {
  const own = join(work, String(lock.number));
  const older = await takeNewest(work, own, lock);
  await makeOwn(own);
  for (const number of older) await orNull(rename(join(work, String(number)), join(own, `old-${number}`)));
  // One who lost the lock before its folder was there would have made it too late to be found.
  await lock.confirm();
  for (const name of await readdir(own)) {
    if (!LEFT.test(name)) continue;
    await removeAll(join(own, name)).catch((error: unknown) => {
      // What is only in the way of nobody is left for the next time.
      if (!name.startsWith(GONE)) throw error;
    });
  }
  return own;
}

/** Makes the newest folder its own; gives the numbers of the others. One who has just lost the lock may still be renaming it. */
async function takeNewest(work: string, own: string, lock: Lock): Promise<readonly number[]> {
  for (;;) {
    const older = (await listNumbers(work)).filter(number => number < lock.number);
    const newest = older.pop();
    if (newest === undefined) return older;
    const taken = await orNull(rename(join(work, String(newest)), own).then(() => true));
    if (taken) return older;
    await lock.confirm();
  }
}

/** A link in its place is not followed. */
async function makeOwn(path: string): Promise<void> {
  const found = await orNull(lstat(path));
  if (found?.isDirectory()) return;
  if (found) await unlink(path);
  await mkdir(path, 0o755);
}

export function partialOf(work: string, release: string): string {
  return join(work, `${release}.partial`);
}

export function journalOf(work: string, release: string): string {
  return join(work, `${release}.journal`);
}

/** Removes a file or a folder with all that is in it; links are not followed. */
export async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}
