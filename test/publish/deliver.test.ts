import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SlimError } from '../../src/errors.ts';
import { limits } from '../../src/platform/limits.ts';
import { deliver, goesThroughBucket, keyOf } from '../../src/publish/deliver.ts';
import { partOf } from '../helpers/deployed.ts';

const small = partOf('a');
const large = { ...partOf('b', 'b'), zippedBytes: limits.zippedBytes + 1 };
const DIRECT = { bucket: null, storage: 'copy' } as const;

test('what Lambda takes in the call itself goes there, also where a bucket is named', () => {
  assert.equal(deliver(small, DIRECT, new Map()).via, { kind: 'direct' });
  assert.equal(deliver(small, { ...DIRECT, bucket: 'code' }, new Map()).via, { kind: 'direct' });
  const largest = { ...small, zippedBytes: limits.zippedBytes };
  assert.equal(deliver(largest, DIRECT, new Map()).via, { kind: 'direct' });
});

test('what is larger goes through the bucket, under a name that tells its content', () => {
  const settings = { ...DIRECT, bucket: 'code' };
  const key = `lambda-slim/${'b'.repeat(64)}.zip`;
  assert.is(keyOf(large), key);
  const via = { kind: 'bucket', bucket: 'code', key, storage: 'copy' };
  assert.equal(deliver(large, settings, new Map()).via, { ...via, found: null });
  const object = { bucket: 'code', key, version: null };
  assert.equal(deliver(large, settings, new Map([[large.sha256, object]])).via, {
    ...via,
    found: { kind: 'object', object, storage: 'copy' },
  });
});

test('what stays in the bucket goes there whatever its size', () => {
  assert.ok(goesThroughBucket(small, { bucket: 'code', storage: 'reference' }));
});

test('without a bucket it is told that one is needed', () => {
  for (const [archive, settings] of [
    [large, DIRECT],
    [small, { bucket: null, storage: 'reference' }],
  ] as const) {
    try {
      goesThroughBucket(archive, settings);
      assert.unreachable();
    } catch (error) {
      assert.is((error as SlimError).code, 'BUCKET_NEEDED');
    }
  }
});

test.run();
