import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openObjectReader, parseS3Address } from '../../../src/aws/s3/open-object-reader.ts';
import { openObjectsSource } from '../../../src/bundle/objects-source.ts';
import type { BundleSource } from '../../../src/bundle/types.ts';
import { type AwsStub, withAwsStub } from '../../helpers/aws-stub/aws-stub.ts';
import { toStubEnv, withServer } from '../../helpers/http-stub.ts';
import { rejects } from '../../helpers/rejects.ts';
import {
  expectedTree,
  makeBundle,
  readTree,
  type SmallBundle,
  syncTo,
  type Tree,
  withStore,
} from '../../helpers/sync-store.ts';
import { QUICK } from '../../helpers/upload.ts';

const TREE: Tree = { 'index.js': 'x'.repeat(700), 'model.bin': Buffer.alloc(9000, 'abc'), e: '' };
const PLACE = { bucket: 'models', prefix: 'ml/classify' };

function open(
  env: Readonly<Record<string, string>>,
  place = PLACE,
  signal = new AbortController().signal,
): BundleSource {
  return openObjectsSource(openObjectReader(place, env, { ...QUICK, signal }));
}

function withBucket(
  bundle: SmallBundle,
  use: (stub: AwsStub) => Promise<void>,
  prefix = 'ml/classify/',
): Promise<void> {
  const objects = Object.fromEntries([...bundle.objects].map(([key, bytes]) => [prefix + key, bytes]));
  return withAwsStub({ seed: { buckets: { models: { objects } } } }, use);
}

test('an address has a bucket and a prefix', () => {
  assert.equal(parseS3Address('s3://models/ml/classify/'), PLACE);
  assert.equal(parseS3Address('s3://models'), { bucket: 'models', prefix: '' });
  assert.equal(parseS3Address('s3://models/'), { bucket: 'models', prefix: '' });
  for (const wrong of ['s3://', 's3:/models', 's3://Models/x', 's3://a', 'models/x', 's3:///x'])
    assert.is(parseS3Address(wrong), null, wrong);
});

test('a bundle is synced from a prefix, and from the root of a bucket', async () => {
  const bundle = await makeBundle(TREE);
  for (const prefix of ['ml/classify', ''])
    await withBucket(
      bundle,
      stub =>
        withStore(async dir => {
          await syncTo(dir, open(stub.env, { bucket: 'models', prefix }));
          assert.equal(await readTree(join(dir, 'current')), expectedTree(TREE));
          assert.equal([...new Set(stub.requests.map(({ operation }) => operation))], ['GetObject']);
        }),
      prefix === '' ? '' : `${prefix}/`,
    );
});

test('throttling, lost connections and answers 5xx are tried again', async () => {
  const bundle = await makeBundle(TREE);
  await withBucket(bundle, stub =>
    withStore(async dir => {
      for (const [index, kind] of (
        ['throttle', 'error', 'drop-before', 'drop-after', 'throttle'] as const
      ).entries())
        stub.fault({ kind, operation: 'GetObject', occurrence: 1 + 2 * index });
      await syncTo(dir, open(stub.env));
      assert.equal(await readTree(join(dir, 'current')), expectedTree(TREE));
    }),
  );
});

test('what is missing is named', async () => {
  const bundle = await makeBundle(TREE);
  await withBucket(bundle, stub =>
    withStore(async dir => {
      const error = await rejects(
        syncTo(dir, open(stub.env, { bucket: 'models', prefix: 'other' })),
        'BUNDLE_MISSING',
      );
      assert.match(error.message, /s3:\/\/models\/other\/bundle\.json/);
      const chunk = [...bundle.objects.keys()].find(key => key.startsWith('chunks/')) as string;
      stub.state.buckets.get('models')?.objects.delete(`ml/classify/${chunk}`);
      assert.match((await rejects(syncTo(dir, open(stub.env)), 'BUNDLE_MISSING')).message, new RegExp(chunk));
    }),
  );
});

test('a bundle may not be read, or is nobody’s', async () => {
  const bundle = await makeBundle(TREE);
  await withBucket(bundle, stub =>
    withStore(async dir => {
      const error = await rejects(
        syncTo(dir, open(stub.env, { bucket: 'nobodys', prefix: '' })),
        'BUCKET_MISSING',
      );
      assert.match(error.message, 'no bucket nobodys');
      const controller = new AbortController();
      controller.abort();
      await rejects(syncTo(dir, open(stub.env, PLACE, controller.signal)), 'CANCELLED');
    }),
  );
});

/** A server that ends, or falls silent, in the middle of the first answers for each key. */
function withBadServer(
  bundle: SmallBundle,
  misbehave: (nth: number, key: string) => 'cut' | 'silence' | 'spoil' | null,
  use: (env: Readonly<Record<string, string>>, asked: readonly string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  return withServer(
    async (request, response) => {
      const key = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname).replace(
        '/models/ml/classify/',
        '',
      );
      asked.push(key);
      const bytes = bundle.objects.get(key) as Buffer;
      const how = misbehave(asked.filter(other => other === key).length, key);
      response.writeHead(200, { 'Content-Length': bytes.length });
      if (how === null) return void response.end(bytes);
      if (how === 'spoil') return void response.end(Buffer.alloc(bytes.length, 1));
      response.write(bytes.subarray(0, bytes.length >> 1));
      if (how === 'cut') setTimeout(() => response.destroy(), 20);
    },
    port => use(toStubEnv(port), asked),
  );
}

for (const how of ['cut', 'silence'] as const)
  test(`an answer with a ${how} in its middle is asked for anew`, async () => {
    const bundle = await makeBundle(TREE);
    await withBadServer(
      bundle,
      (nth, key) =>
        nth === 1 && (how === 'cut' || key === 'bundle.json' || /chunks\/[0-7]/.test(key)) ? how : null,
      (env, asked) =>
        withStore(async dir => {
          const reader = openObjectReader(PLACE, env, {
            ...QUICK,
            silenceMs: 400,
            signal: new AbortController().signal,
          });
          await syncTo(dir, openObjectsSource(reader));
          assert.equal(await readTree(join(dir, 'current')), expectedTree(TREE));
          assert.is(asked.filter(key => key === 'bundle.json').length, 2);
        }),
    );
  });

test('one that breaks off each time is given up', async () => {
  const bundle = await makeBundle(TREE);
  for (const start of ['bundle.json', 'manifests/'])
    await withBadServer(
      bundle,
      (_nth, key) => (key.startsWith(start) ? 'cut' : null),
      env => withStore(async dir => void (await rejects(syncTo(dir, open(env)), 'BUNDLE_UNREACHABLE'))),
    );
});

test('wrong bytes are fetched once more, and then refused', async () => {
  const bundle = await makeBundle(TREE);
  const isChunk = (key: string): boolean => key.startsWith('chunks/');
  await withBadServer(
    bundle,
    (_nth, key) => (isChunk(key) ? 'spoil' : null),
    (env, asked) =>
      withStore(async dir => {
        await rejects(syncTo(dir, open(env), { parallel: 1 }), 'BUNDLE_SPOILT');
        assert.is(asked.filter(isChunk).length, 2);
      }),
  );
});

test.run();
