import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verifyStore } from '../../src/bundle/sync/verify-store.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { mapPool } from '../../src/util/pool.ts';
import { rejects } from '../helpers/rejects.ts';
import { startProgram, syncInProcess } from '../helpers/sync-process.ts';
import {
  expectedTree,
  makeBundle,
  makeOld,
  readTree,
  type SmallBundle,
  syncTo,
  type Tree,
  toSource,
  writeObjects,
} from '../helpers/sync-store.ts';

const HOUR_MS = 3_600_000;
/** How often a sync is killed. */
const KILLS = 60;

/** Sixty files; half of them differ from version to version. */
function makeVersion(version: number): Promise<SmallBundle> {
  const tree: Record<string, string> = {};
  for (let i = 0; i < 57; i++) {
    const folder = ['', 'lib/', 'lib/deep/er/', 'model/'][i % 4];
    tree[`${folder}f${i}.txt`] = `${i % 2 ? version : 'all'} ${String(i).repeat(20 + i)} end\n`;
  }
  tree['x.txt'] = `${version} x end\n`;
  tree['sub/y.txt'] = `${version} y end\n`;
  tree['list.txt'] = `${version}\n${Object.keys(tree).join('\n')}\n`;
  return makeBundle(tree, 400, async bytes => bytes);
}

const QUICK = { leaseMs: 120, waitMs: 20_000, pauseMs: 1, plain: true, keep: 2 } as const;

test('killed at hundreds of random moments, nothing is lost, and readers see whole releases only', () =>
  withTempDir(async dir => {
    const store = join(dir, 'store');
    const reader = await startProgram('sync-reader', store);
    const made: string[] = [];
    let [kills, version, longest] = [0, 0, 150];
    let next = startProgram('sync-child');
    while (kills < KILLS) {
      const bundle = await makeVersion(++version);
      const task = { ...QUICK, store, bundle: await writeObjects(join(dir, `b${version}`), bundle) };
      // What was current three releases ago is of no use to the reader any more, so it may go.
      for (const old of made.slice(0, -3))
        await makeOld(join(store, 'releases', old), 2 * HOUR_MS).catch(() => {});
      for (;;) {
        const child = await next;
        next = startProgram('sync-child');
        const started = performance.now();
        child.begin(task);
        const stop = new AbortController();
        const isPatient = Math.random() < 0.2;
        const kill = delay(isPatient ? 60_000 : Math.random() * longest, null, { signal: stop.signal });
        kill.then(
          () => child.signal('SIGKILL'),
          () => {},
        );
        const { code, signal, result } = await child.ended;
        stop.abort();
        if (signal === 'SIGKILL') {
          kills++;
          continue;
        }
        assert.is(code, 0, JSON.stringify(result));
        longest = Math.min(600, 0.8 * longest + 0.25 * (performance.now() - started));
        break;
      }
      const found = await verifyStore(store);
      assert.is(found.release, bundle.release);
      assert.equal(found.problems, []);
      made.push(bundle.release);
    }
    reader.stop();
    (await next).signal('SIGKILL');
    const read = (await reader.ended).result;
    assert.equal(read?.torn, []);
    assert.ok((read?.rounds as number) > 50, JSON.stringify(read));
    assert.ok((await readdir(join(store, 'releases'))).length < version, 'old ones are removed');
  }));

const SMALL: readonly Tree[] = [0, 1, 2].map(version => ({
  'a.txt': `${version}`,
  'same.txt': 'same',
  'lib/b.bin': String(version).repeat(900),
  'lib/l@': 'b.bin',
  'empty.txt': '',
}));
const plain = async (bytes: Uint8Array): Promise<Uint8Array> => bytes;
const toSmall = (version: number): Promise<SmallBundle> => makeBundle(SMALL[version] as Tree, 400, plain);

/** A store with the versions 0 and 1, the first so old that the next sync removes it. */
async function makeSmallStore(store: string): Promise<void> {
  const inflate = (pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => pieces;
  const { release } = await syncTo(store, await toSmall(0), { inflate });
  await syncTo(store, await toSmall(1), { inflate });
  await makeOld(join(store, 'releases', release), 2 * HOUR_MS);
}

test('killed at each single call of the file system, it is the old release or the new one, and the next sync completes', () =>
  withTempDir(async dir => {
    const small = await toSmall(2);
    const bundle = await writeObjects(join(dir, 'bundle'), small);
    const task = { ...QUICK, bundle, keep: 1, pauseMs: 0 };
    await makeSmallStore(join(dir, 'all'));
    const { result } = await syncInProcess({ ...task, store: join(dir, 'all'), killAt: 1_000_000 });
    const calls = result?.calls as number;
    assert.ok(calls > 60, JSON.stringify(result));
    let [killed, old] = [0, 0];
    await mapPool(Array.from({ length: calls }), 2, async (_, index) => {
      const store = join(dir, `s${index}`);
      await makeSmallStore(store);
      const ended = await syncInProcess({ ...task, store, killAt: index + 1 });
      // Calls run side by side, so that their number is not the same each time.
      if (ended.signal === 'SIGKILL') killed++;
      const tree = await readTree(join(store, 'current'));
      const isOld = tree['a.txt'] === '1';
      if (isOld) old++;
      assert.equal(tree, expectedTree(SMALL[isOld ? 1 : 2] as Tree), `killed at ${index + 1}`);
      assert.equal((await verifyStore(store)).problems, []);
      await syncTo(store, small, { inflate: pieces => pieces, keep: 1, waitMs: 20_000 });
      assert.equal(await readTree(join(store, 'current')), expectedTree(SMALL[2] as Tree));
      assert.is((await readdir(join(store, 'releases'))).length, 2);
      assert.equal(await readdir(join(store, 'work', (await readdir(join(store, 'work')))[0] as string)), []);
      await rm(store, { recursive: true });
    });
    assert.ok(killed > calls * 0.9 && old > 20 && old < killed, `${killed} of ${calls}, ${old} old`);
  }));

test('killed at each of the first calls of the first sync, the folder is one that the next sync takes', () =>
  withTempDir(async dir => {
    const small = await toSmall(0);
    const bundle = await writeObjects(join(dir, 'bundle'), small);
    let marked = 0;
    await mapPool(Array.from({ length: 24 }), 2, async (_, index) => {
      const store = join(dir, `s${index}`);
      const ended = await syncInProcess({ ...QUICK, bundle, store, pauseMs: 0, killAt: index + 1 });
      assert.is(ended.signal, 'SIGKILL');
      const names = await readdir(store).catch((): string[] => []);
      if (names.includes('store.json')) marked++;
      else
        assert.ok(
          names.every(name => name.startsWith('.')),
          names.join(),
        );
      await syncTo(store, small, { inflate: pieces => pieces, waitMs: 20_000 });
      assert.equal(await readTree(join(store, 'current')), expectedTree(SMALL[0] as Tree));
      assert.equal(JSON.parse(await readFile(join(store, 'store.json'), 'utf8')).name, 'classify');
    });
    assert.ok(marked > 3 && marked < 21, `${marked} stores`);
  }));

test('two at once, of the same release and of others: each waits for the other', () =>
  withTempDir(async dir => {
    const store = join(dir, 'store');
    const bundles = await Promise.all(
      [1, 2, 2, 3].map(async (version, i) => writeObjects(join(dir, `b${i}`), await makeVersion(version))),
    );
    const ended = await Promise.all(
      bundles.map(bundle => syncInProcess({ ...QUICK, leaseMs: 5000, store, bundle, keep: 9 })),
    );
    assert.equal(
      ended.map(({ code }) => code),
      [0, 0, 0, 0],
      JSON.stringify(ended),
    );
    assert.is(ended.filter(({ result }) => result?.wasThere).length, 1);
    for (const release of await readdir(join(store, 'releases')))
      assert.equal((await verifyStore(store, { release })).problems, []);
    const busy = await startProgram('sync-child');
    busy.begin({
      ...QUICK,
      leaseMs: 20_000,
      // Longer than another process takes to begin on a busy machine.
      pauseMs: 4000,
      store,
      bundle: await writeObjects(join(dir, 'b9'), await makeVersion(9)),
    });
    await delay(1000);
    const refused = await syncInProcess({ ...QUICK, waitMs: 0, store, bundle: bundles[0] as string });
    assert.is(refused.result?.code, 'SYNC_BUSY');
    assert.is((await busy.ended).code, 0);
  }));

test('an owner that sleeps through its lease finds that another took over, and breaks nothing', () =>
  withTempDir(async dir => {
    const store = join(dir, 'store');
    let lost = 0;
    for (let round = 0; round < 15; round++) {
      const [mine, other] = [2 * round + 1, round % 2 ? 2 * round + 1 : 2 * round + 2];
      const before = await makeVersion(mine);
      const bundle = await writeObjects(join(dir, `m${round}`), before);
      const sleeper = await startProgram('sync-child');
      sleeper.begin({ ...QUICK, store, bundle, keep: 9 });
      await delay(Math.random() * 180);
      sleeper.signal('SIGSTOP');
      await delay(QUICK.leaseMs + 30);
      const made = await makeVersion(other);
      const ended = await syncInProcess({
        ...{ ...QUICK, leaseMs: 5000, store, keep: 9, pauseMs: round % 3 },
        bundle: await writeObjects(join(dir, `o${round}`), made),
      });
      assert.is(ended.code, 0, JSON.stringify(ended));
      sleeper.signal('SIGCONT');
      const woken = await sleeper.ended;
      if (woken.code !== 0) assert.is(woken.result?.code, 'SYNC_LOCK_LOST', JSON.stringify(woken));
      if (woken.code !== 0) lost++;
      const found = await verifyStore(store);
      // One who fell asleep before it had the lock had its turn afterwards.
      const wasLast = woken.code === 0 && found.release === before.release;
      assert.ok(wasLast || found.release === made.release, `round ${round}`);
      for (const release of await readdir(join(store, 'releases')))
        assert.equal((await verifyStore(store, { release })).problems, [], `round ${round}`);
    }
    assert.ok(lost > 3, `${lost} lost the lock`);
  }));

test('memory does not grow with what is synced', () =>
  withTempDir(async dir => {
    const tree: Record<string, Buffer> = { 'small.txt': Buffer.from('small') };
    for (let i = 0; i < 12; i++) tree[`model/${i}.bin`] = Buffer.alloc(40 * 1024 * 1024, randomBytes(999));
    const made = await makeBundle(tree, 32 * 1024 * 1024, plain);
    const bundle = await writeObjects(join(dir, 'bundle'), made);
    const task = { ...QUICK, leaseMs: 60_000, store: join(dir, 'store'), bundle };
    const { result } = await syncInProcess(task);
    assert.is(result?.writtenFiles, 13, JSON.stringify(result));
    assert.ok(Number(result?.rss ?? 0) < 300_000_000, `${result?.rss} bytes`);
    assert.ok((await syncInProcess(task)).result?.wasThere);
  }));

const isRoot = process.getuid?.() === 0;

/** A disk of its own; null where nobody may mount one. */
async function withDisk(mebibytes: number, use: (disk: string) => Promise<void>): Promise<void> {
  await withTempDir(async dir => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', dir], { stdio: 'pipe' });
    } catch {
      return console.log('Not run: nobody may mount here');
    }
    try {
      await use(dir);
    } finally {
      execFileSync('umount', ['-l', dir]);
    }
  });
}

if (isRoot) {
  test('a full disk leaves the old release, and the next sync completes once there is room', () =>
    withDisk(4, async disk => {
      const store = join(disk, 'store');
      const old: Tree = { 'v.txt': '1', 'old.bin': randomBytes(1_000_000) };
      await syncTo(store, await makeBundle(old, 200_000));
      await writeFile(join(disk, 'ballast'), randomBytes(1_500_000));
      const next: Tree = {
        'v.txt': '2',
        'new.bin': randomBytes(2_000_000),
        'more.bin': randomBytes(300_000),
      };
      const bundle = await makeBundle(next, 200_000);
      for (let i = 0; i < 3; i++) {
        const error = await rejects(syncTo(store, bundle), 'SYNC_UNWRITABLE');
        assert.match(error.message, /there is no space left/);
        assert.is(await readFile(join(store, 'current/v.txt'), 'utf8'), '1');
        assert.equal((await verifyStore(store)).problems, []);
      }
      await rm(join(disk, 'ballast'));
      const source = toSource(bundle);
      await syncTo(store, source);
      assert.ok(source.asked.length < bundle.objects.size, 'what was written is not fetched again');
      assert.equal((await verifyStore(store)).problems, []);
    }));

  test('a mount that is read-only is verified, and not written', () =>
    withDisk(4, async disk => {
      const store = join(disk, 'store');
      await syncTo(store, await toSmall(1), { inflate: pieces => pieces });
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      const error = await rejects(
        syncTo(store, await toSmall(2), { inflate: pieces => pieces }),
        'SYNC_UNWRITABLE',
      );
      assert.match(error.message, /mounted read-only/);
      assert.equal((await verifyStore(store)).problems, []);
    }));
}

test.run();
