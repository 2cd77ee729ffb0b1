import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SlimError } from '../../errors.ts';
import { orNull } from '../../util/fs.ts';
import { createLock, findHighest, type Holder, listNumbers, readLock, rewriteLock } from './lock-file.ts';
import { readServerTime, sweepTemporary } from './server-time.ts';
import type { Store } from './store.ts';

/** The right to change a store, until somebody takes it over. */
export interface Lock {
  readonly number: number;
  /** Aborted as soon as it is known that somebody has taken over. */
  readonly signal: AbortSignal;
  /** Gives the time of the file server, ms; throws `SYNC_LOCK_LOST` where the lock is another's. */
  confirm(): Promise<number>;
  release(): Promise<void>;
}

export interface LockWishes {
  readonly owner: string;
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

const MAX_PAUSE_MS = 1000;

/**
 * Takes the lock of a store. The highest number counts; one that was released, or not renewed for the lease that stands in it, is
 * followed by the next number. Throws `SYNC_BUSY` where another holds it for longer than `waitMs`.
 */
export async function takeLock(store: Store, wishes: LockWishes): Promise<Lock> {
  const until = performance.now() + wishes.waitMs;
  for (let pause = 50; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    const taken = await tryLock(store, wishes);
    if (taken.kind === 'taken') return holdLock(store, taken.number, taken.holder);
    const left = until - performance.now();
    if (left <= 0) throw new SlimError('SYNC_BUSY', [store.dir, taken.holder.owner, taken.holder.since]);
    await delay(Math.min(pause, left), null, { signal: wishes.signal });
  }
}

type Attempt =
  | { readonly kind: 'taken'; readonly number: number; readonly holder: Holder }
  | { readonly kind: 'held'; readonly holder: Holder };

async function tryLock(store: Store, { owner, leaseMs, signal }: LockWishes): Promise<Attempt> {
  for (;;) {
    signal.throwIfAborted();
    const now = await readServerTime(store.locks);
    const highest = await findHighest(store.locks);
    const found = highest === 0 ? null : await readLock(store.locks, highest);
    if (highest > 0 && !found) continue;
    if (found && isHeld(found, now, leaseMs)) return { kind: 'held', holder: found.holder ?? STRANGER };
    // Whoever removed the locks by hand did not mean those of the work that they stood for.
    const number = Math.max(highest, await findHighest(store.work)) + 1;
    const since = new Date(now).toISOString();
    const holder: Holder = { owner, token: randomUUID(), since, leaseMs, released: false };
    if (!(await createLock(store.locks, number, holder))) continue;
    if ((await findHighest(store.locks)) === number) return { kind: 'taken', number, holder };
    await orNull(unlink(join(store.locks, String(number))));
  }
}

const STRANGER: Holder = {
  owner: 'somebody who left no name',
  token: '',
  since: 'a moment ago',
  leaseMs: 0,
  released: false,
};

/** A clock that was set back must not make a lock last for ever. */
function isHeld(
  { holder, mtimeMs }: { readonly holder: Holder | null; readonly mtimeMs: number },
  now: number,
  leaseMs: number,
): boolean {
  return !holder?.released && Math.abs(now - mtimeMs) <= (holder?.leaseMs ?? leaseMs);
}

function holdLock(store: Store, number: number, holder: Holder): Lock {
  const controller = new AbortController();
  const isMine = async (): Promise<boolean> =>
    (await rewriteLock(store.locks, number, holder)) && (await findHighest(store.locks)) === number;
  const lose = (): SlimError => {
    const error = new SlimError('SYNC_LOCK_LOST', [store.dir]);
    controller.abort(error);
    return error;
  };
  let renewing: Promise<void> = Promise.resolve();
  const renew = async (): Promise<void> => {
    // What goes wrong here may pass; before anything is changed, `confirm` asks again.
    if (!(await isMine().catch(() => true))) lose();
  };
  const tick = (): void => {
    renewing = renewing.then(renew);
  };
  const timer = setInterval(tick, holder.leaseMs / 3).unref();
  return {
    number,
    signal: controller.signal,
    async confirm() {
      if (controller.signal.aborted) throw lose();
      const now = await readServerTime(store.locks);
      if (!(await isMine())) throw lose();
      return now;
    },
    async release() {
      clearInterval(timer);
      await renewing;
      // One that cannot be released is left behind once its lease is over.
      await rewriteLock(store.locks, number, { ...holder, released: true }).catch(() => false);
    },
  };
}

/** Removes the locks that ours came after, and what was left behind while locking, or making the store. */
export async function sweepLocks(
  { dir, locks, spoilt }: Store,
  { number }: Lock,
  now: number,
): Promise<void> {
  for (const older of await listNumbers(locks))
    if (older < number) await orNull(unlink(join(locks, String(older))));
  for (const folder of [dir, locks, spoilt]) await sweepTemporary(folder, now);
}
