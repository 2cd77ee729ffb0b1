import { SlimError } from '../../errors.ts';
import { explainFailure } from './explain-failure.ts';
import { findStore } from './find-store.ts';
import { findPrevious, writeHistory } from './history.ts';
import { readCurrent, type Store } from './store.ts';
import { switchCurrent } from './switch-current.ts';
import type { LockOptions } from './types.ts';
import { withLock } from './with-lock.ts';

/**
 * Lets `current` lead to the release that it led to before; once more goes one further back. Throws `STORE_*`,
 * `ROLLBACK_NONE`, `SYNC_*`.
 */
export async function rollbackStore(
  dir: string,
  options: LockOptions = {},
): Promise<{ readonly from: string; readonly to: string }> {
  const store = await findSynced(dir, options.signal);
  return withLock(store, options, async ({ lock, work }) => {
    const { current, previous, entries } = await findPrevious(store);
    if (current === null) throw new SlimError('STORE_MISSING', [dir]);
    if (previous === null) throw new SlimError('ROLLBACK_NONE', [dir]);
    await switchCurrent(store, work, lock, previous);
    await writeHistory(store, work, entries);
    return { from: current, to: previous };
  });
}

async function findSynced(dir: string, signal: AbortSignal | undefined): Promise<Store> {
  try {
    const store = await findStore(dir);
    if ((await readCurrent(store)) === null) throw new SlimError('STORE_MISSING', [dir]);
    return store;
  } catch (error) {
    throw await explainFailure(error, { dir, lock: null, signal, onlyReads: true });
  }
}
