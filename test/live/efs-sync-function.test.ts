import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verifyStore } from '../../src/bundle/sync/verify-store.ts';
import { writeBundle } from '../../src/bundle/write-bundle.ts';
import { openBundle } from '../../src/publish/efs/open-bundle.ts';
import type { PublishedBundle } from '../../src/publish-types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { type AwsStub, withAwsStub } from '../helpers/aws-stub/aws-stub.ts';
import {
  buildSync,
  type LocalSync,
  type LocalSyncOptions,
  withLocalSync,
} from '../helpers/local-efs-sync.ts';

const MIB = 1024 * 1024;
const FOLDER = '/mnt/ml/classify';

interface Desk {
  readonly stub: AwsStub;
  readonly sync: LocalSync;
  readonly bundle: PublishedBundle;
  readonly store: string;
  readonly task: (more?: object) => { readonly event: object };
}

/** Files of random bytes, which do not become smaller, in a bucket; and the function beside it. */
function withDesk(
  sizes: Readonly<Record<string, number>>,
  options: Partial<LocalSyncOptions>,
  use: (desk: Desk) => Promise<void>,
): Promise<void> {
  return withTempDir(async dir => {
    const zip = await buildSync(join(dir, 'build'));
    assert.ok((await stat(zip)).size < 100_000, 'the function is small');
    const bundle = await makeBundle(dir, sizes);
    const mount = join(dir, 'mount');
    await mkdir(mount);
    await chmod(mount, 0o777);
    const box: { sync: LocalSync | null } = { sync: null };
    const seed = { buckets: { bundles: {} }, functions: { function: {} } };
    const invoke = (invocation: { readonly event: unknown }) => box.sync?.invoke(invocation);
    await withAwsStub({ seed, invoke }, async stub => {
      await putBundle(stub, bundle);
      await withLocalSync({ zip, dir, mount, env: stub.env, ...options }, sync => {
        box.sync = sync;
        const event = { bucket: 'bundles', prefix: 'p', release: bundle.release, folder: FOLDER, run: 'r1' };
        const task = (more = {}) => ({ event: { ...event, keep: 2, protect: [], ...more } });
        return use({ stub, sync, bundle, store: join(mount, 'classify'), task });
      });
    });
  });
}

async function makeBundle(dir: string, sizes: Readonly<Record<string, number>>): Promise<PublishedBundle> {
  const inputs = [];
  for (const [path, bytes] of Object.entries(sizes)) {
    const file = join(dir, path.replaceAll('/', '_'));
    await writeFile(file, randomBytes(bytes));
    const source = { kind: 'disk', path: file, mtimeMs: (await stat(file)).mtimeMs };
    const entry = { kind: 'file', path, source, bytes, mode: 0o644, origin: { kind: 'own' } } as never;
    inputs.push({ entry, group: 'all' });
  }
  const { signal } = new AbortController();
  await writeBundle(inputs, join(dir, 'b.bundle'), { name: 'classify', signal });
  return openBundle(join(dir, 'b.bundle'), 'sync', { workDir: dir, signal });
}

async function putBundle({ state }: AwsStub, { objects }: PublishedBundle): Promise<void> {
  for (const { key, path } of objects)
    state.buckets.get('bundles')?.objects.set(`p/${key}`, [
      {
        ...{ key: `p/${key}`, bytes: await readFile(path), etag: '"x"', version: null, checksum: null },
        ...{ metadata: {}, modified: new Date() },
      },
    ]);
}

test('300 MB come through 512 MiB of memory, whole; a second time nothing is fetched', () =>
  withDesk({ 'model/big.bin': 290 * MIB, 'a.txt': 10, 'b/c.txt': 1000 }, {}, async desk => {
    const { sync, store, task, stub, bundle } = desk;
    assert.equal(await sync.invoke({ event: { action: 'look', folder: FOLDER } }), {
      releases: [],
      current: null,
      isWritable: true,
    });
    const done = (await sync.invoke(task())) as { state: string; result: object };
    assert.is(done.state, 'done', JSON.stringify(done));
    const found = await verifyStore(store);
    assert.equal([found.release, found.problems], [bundle.release, []]);
    console.log(`peak of the function: ${Math.round(sync.peakBytes() / MIB)} MiB of 512`);
    assert.ok(sync.peakBytes() < 450 * MIB, `${sync.peakBytes()}`);
    const gets = stub.requests.length;
    const again = (await sync.invoke(task({ run: 'r2' }))) as { result: { wasThere: boolean } };
    assert.is(again.result.wasThere, true);
    assert.is(stub.requests.length, gets, 'nothing is asked of S3 any more');
    assert.equal(await sync.invoke({ event: { action: 'look', folder: FOLDER } }), {
      releases: [bundle.release],
      current: bundle.release,
      isWritable: true,
    });
  }));

test('before its timeout it starts itself again, until all is there', () =>
  withDesk(
    { 'model/big.bin': 220 * MIB },
    { timeoutMs: 5000 },
    async ({ stub, sync, task, store, bundle }) => {
      // Each chunk takes a while, so that one round is too short.
      const objects = stub.state.buckets.get('bundles')?.objects;
      const get = objects?.get.bind(objects);
      Object.assign(objects ?? {}, {
        get(key: string) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
          return get?.(key);
        },
      });
      const first = (await sync.invoke(task())) as { state: string };
      assert.is(first.state, 'continuing', sync.log());
      let last = { state: 'continuing', round: 1 };
      for (let looks = 0; looks < 200 && !['done', 'failed', 'paused'].includes(last.state); looks++) {
        await new Promise(resolve => setTimeout(resolve, 200));
        const status = { action: 'status', folder: FOLDER, run: 'r1' };
        last = (await sync.invoke({ event: status })) as typeof last;
      }
      assert.is(last.state, 'done', JSON.stringify(last) + sync.log());
      assert.ok(last.round > 1, `${last.round}`);
      assert.equal((await verifyStore(store)).problems, []);
      assert.is((await verifyStore(store)).release, bundle.release);
      assert.ok(stub.requests.some(({ operation }) => operation === 'Invoke'));
    },
  ));

test('it says what is wrong: no way to S3, no release, no progress, no way to Lambda', () =>
  withDesk({ 'a.bin': 100 }, {}, async ({ sync, task, stub }) => {
    const stateOf = async (more: object) => {
      const { state, error } = (await sync.invoke(task(more))) as { state: string; error: { code: string } };
      return [state, error?.code];
    };
    assert.equal(await stateOf({ release: 'a'.repeat(64) }), ['failed', 'BUNDLE_MISSING']);
    assert.equal(await stateOf({ bucket: 'nowhere' }), ['failed', 'BUNDLE_MISSING']);
    const objects = stub.state.buckets.get('bundles')?.objects ?? new Map();
    const [key = ''] = [...objects.keys()].filter(name => name.includes('/chunks/'));
    objects.set(key, [{ ...objects.get(key)?.[0], bytes: Buffer.from('spoilt') }] as never);
    assert.equal(await stateOf({}), ['failed', 'BUNDLE_SPOILT']);
    for (const folder of ['/tmp/x', '/mnt/ml/../etc', '/mnt/ml'])
      await sync.invoke(task({ folder })).then(
        () => assert.unreachable(folder),
        (error: Error) => assert.match(error.message, /"folder"/),
      );
  }));

test.run();
