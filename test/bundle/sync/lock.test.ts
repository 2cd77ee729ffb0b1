import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Lock, takeLock } from '../../../src/bundle/sync/lock.ts';
import { makeStore, type Store, toStore } from '../../../src/bundle/sync/store.ts';
import { rejects } from '../../helpers/rejects.ts';
import { makeOld, withStore } from '../../helpers/sync-store.ts';

const { signal } = new AbortController();
const PATIENT = { owner: 'one', leaseMs: 60_000, waitMs: 0, signal };

function withLocks(use: (store: Store) => Promise<void>): Promise<void> {
  return withStore(async dir => {
    const store = toStore(dir);
    await makeStore(store);
    await use(store);
  });
}

const lockPath = ({ locks }: Store, { number }: Lock): string => join(locks, String(number));

test('one at a time; the next gets the next number', () =>
  withLocks(async store => {
    const one = await takeLock(store, PATIENT);
    const busy = await rejects(takeLock(store, { ...PATIENT, owner: 'two' }), 'SYNC_BUSY');
    assert.match(busy.message, /by one, since 20\d\d-/);
    await one.release();
    const two = await takeLock(store, { ...PATIENT, owner: 'two' });
    assert.is(two.number, one.number + 1);
    await rejects(one.confirm(), 'SYNC_LOCK_LOST');
    await two.confirm();
    await two.release();
  }));

test('waiting ends as soon as the lock is free', () =>
  withLocks(async store => {
    const one = await takeLock(store, PATIENT);
    const two = takeLock(store, { ...PATIENT, waitMs: 60_000 });
    await delay(60);
    await one.release();
    await (await two).release();
  }));

test('waiting can be broken off', () =>
  withLocks(async store => {
    const one = await takeLock(store, PATIENT);
    const controller = new AbortController();
    const two = takeLock(store, { ...PATIENT, waitMs: 60_000, signal: controller.signal });
    controller.abort();
    assert.is(
      await two.then(
        () => 'taken',
        error => error.name,
      ),
      'AbortError',
    );
    await one.release();
  }));

test('of many who come together each has it once, and never two at a time', () =>
  withLocks(async store => {
    let [inside, most, times] = [0, 0, 0];
    const numbers = new Set<number>();
    await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        const lock = await takeLock(store, { ...PATIENT, owner: `${i}`, waitMs: 60_000 });
        most = Math.max(most, ++inside);
        numbers.add(lock.number);
        await lock.confirm();
        await delay(3);
        inside--;
        times++;
        await lock.release();
      }),
    );
    assert.equal([most, times, numbers.size], [1, 6, 6]);
  }));

test('a lock that is not renewed for its lease is left behind, by the clock of the file server', () =>
  withLocks(async store => {
    const one = await takeLock(store, { ...PATIENT, leaseMs: 30_000 });
    await makeOld(lockPath(store, one), 29_000);
    await rejects(takeLock(store, { ...PATIENT, leaseMs: 1 }), 'SYNC_BUSY');
    await makeOld(lockPath(store, one), 31_000);
    const two = await takeLock(store, PATIENT);
    await rejects(one.confirm(), 'SYNC_LOCK_LOST');
    assert.ok(one.signal.aborted && !two.signal.aborted);
    await one.release();
    await rejects(takeLock(store, PATIENT), 'SYNC_BUSY');
    await two.release();
  }));

test('it is renewed as long as its owner lives', () =>
  withLocks(async store => {
    const one = await takeLock(store, { ...PATIENT, leaseMs: 900 });
    await makeOld(lockPath(store, one), 800);
    await delay(700);
    await rejects(takeLock(store, PATIENT), 'SYNC_BUSY');
    await one.release();
  }));

test('a clock of the server that was set back does not make it last for ever', () =>
  withLocks(async store => {
    const one = await takeLock(store, PATIENT);
    const future = Date.now() / 1000 + 7200;
    await utimes(lockPath(store, one), future, future);
    await (await takeLock(store, PATIENT)).release();
    await one.release();
  }));

test('who finds the lock gone has lost it', () =>
  withLocks(async store => {
    const one = await takeLock(store, PATIENT);
    await rm(lockPath(store, one));
    await rejects(one.confirm(), 'SYNC_LOCK_LOST');
    await one.release();
    assert.equal(await readdir(store.locks), []);
  }));

test('numbers go on from those of the work, where somebody removed the locks', () =>
  withLocks(async store => {
    await mkdir(join(store.work, '41'));
    const lock = await takeLock(store, PATIENT);
    assert.is(lock.number, 42);
    await lock.release();
  }));

test('a lock that cannot be understood counts for a lease', () =>
  withLocks(async store => {
    for (const content of [
      '',
      '{"owner":1}',
      '[]',
      'null',
      '{"owner":"a","token":"b","since":"c","leaseMs":-1}',
    ]) {
      await writeFile(join(store.locks, '7'), content);
      await rejects(takeLock(store, PATIENT), 'SYNC_BUSY');
    }
    await makeOld(join(store.locks, '7'), 61_000);
    await (await takeLock(store, PATIENT)).release();
  }));

test.run();
