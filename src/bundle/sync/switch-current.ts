import { rename, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import type { Lock } from './lock.ts';
import { checkCurrent, readCurrent, type Store } from './store.ts';
import { flushFolder } from './sync-file.ts';

/**
 * Lets `current` lead to a release, at once for all who read. Both releases are as young as this moment then: who still reads the
 * one before has an hour. Gives the release before.
 */
export async function switchCurrent(
  store: Store,
  work: string,
  lock: Lock,
  release: string,
): Promise<string | null> {
  const before = await readCurrent(store);
  if (before === release) return null;
  await checkCurrent(store);
  const now = await lock.confirm();
  for (const id of before === null ? [release] : [before, release]) await touchRelease(store, id, now);
  const link = join(work, 'new-current');
  await symlink(join('releases', release), link);
  await rename(link, store.current);
  await flushFolder(store.dir);
  return before;
}

/** Sets how young a release is; one that went away meanwhile is not. */
export async function touchRelease(store: Store, release: string, now: number): Promise<void> {
  await orNull(utimes(join(store.releases, release), now / 1000, now / 1000));
}
