import { hostname } from 'node:os';
import { explainFailure } from './explain-failure.ts';
import { type Lock, sweepLocks, takeLock } from './lock.ts';
import { makeStore, type Store } from './store.ts';
import type { LockOptions } from './types.ts';
import { openWorkFolder } from './work-folder.ts';

const LEASE_MS = 60_000;

/** What is done while a store is locked. */
export interface Held {
  readonly lock: Lock;
  /** Folder in the store that is ours as long as the lock is. */
  readonly work: string;
  /** Aborted when the user wants to stop, or the lock is lost. */
  readonly signal: AbortSignal;
}

interface Preparing {
  /** Done before the store is locked. */
  readonly prepare?: () => Promise<void>;
}

/** Locks a store for `use`, and explains what goes wrong in it. */
export async function withLock<T>(
  store: Store,
  { leaseMs = LEASE_MS, waitMs = 0, owner, signal, prepare }: LockOptions & Preparing,
  use: (held: Held) => Promise<T>,
): Promise<T> {
  const asked = signal ?? new AbortController().signal;
  const name = owner ?? `${hostname()}, process ${process.pid}`;
  let lock: Lock | null = null;
  try {
    await prepare?.();
    await makeStore(store);
    lock = await takeLock(store, { owner: name.slice(0, 200), leaseMs, waitMs, signal: asked });
    const work = await openWorkFolder(store, lock);
    await sweepLocks(store, lock, await lock.confirm());
    return await use({ lock, work, signal: AbortSignal.any([asked, lock.signal]) });
  } catch (error) {
    throw await explainFailure(error, { dir: store.dir, lock, signal });
  } finally {
    await lock?.release();
  }
}
