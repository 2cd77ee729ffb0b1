import { randomBytes } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/platform/limits.ts';
import { type Contents, type Wish, withPublishing } from '../helpers/publish-run.ts';
import { rejects } from '../helpers/rejects.ts';

/** Random bytes stay as large as they are, so that each half is under 50 MiB and both are above it. */
const half = (): Buffer => randomBytes(limits.zippedBytes / 2 + 100_000);
const FILES: Contents = {
  'index.mjs': 'handler',
  'node_modules/a/a.bin': half(),
  'node_modules/b/b.bin': half(),
};
const seed = { buckets: { code: {} } };

test('above 50 MiB an archive goes through the bucket, and is not sent twice', () =>
  withPublishing({ seed }, async ({ stub, publish, takeWrites }) => {
    await rejects(publish({ files: FILES }), 'BUCKET_NEEDED');
    assert.equal(takeWrites(), []);
    const wish: Wish = { files: FILES, config: { bucket: 'code' } };
    const { items, sentBytes } = await publish(wish);
    const writes = takeWrites();
    assert.equal(
      new Set(writes),
      new Set(['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'CreateFunction']),
    );
    assert.is(writes.filter(name => name === 'UploadPart').length, 7);
    assert.ok(
      sentBytes > limits.zippedBytes && items.find(({ what }) => what === 'function')?.bytes === null,
    );
    const fn = stub.state.functions.get('classify');
    assert.is(fn?.latest.code.zip.length, sentBytes);
    await publish(wish);
    assert.equal(takeWrites(), []);
    await publish({ ...wish, files: { 'index.mjs': 'other' } });
    assert.equal(takeWrites(), ['UpdateFunctionCode'], 'what is small goes directly');
    await publish(wish);
    assert.equal(takeWrites(), ['UpdateFunctionCode'], 'the object is still there');
  }));

test('in layers each half goes directly; with a bucket one layer holds both', () =>
  withPublishing({ seed }, async ({ stub, publish, takeWrites }) => {
    await publish({ files: FILES, config: { target: 'layer' } });
    assert.equal(takeWrites().slice(0, 3), ['PublishLayerVersion', 'PublishLayerVersion', 'CreateFunction']);
    await publish({ files: FILES, config: { target: 'layer', bucket: 'code' } });
    const writes = takeWrites();
    assert.is(writes.filter(name => name === 'PublishLayerVersion').length, 1);
    assert.ok(writes.includes('CompleteMultipartUpload'));
    assert.is(stub.state.functions.get('classify')?.latest.layers.length, 1);
  }));

test('old code above 50 MiB is put back through the bucket when layers cannot be attached', () =>
  withPublishing({ seed }, async ({ stub, publish }) => {
    const whole: Wish = {
      files: { ...FILES, 'node_modules/c/c.bin': { claims: 140_000_000 } },
      config: { bucket: 'code' },
    };
    await publish(whole);
    const fn = stub.state.functions.get('classify');
    const before = fn?.latest.code.sha256;
    stub.fault({ operation: 'UpdateFunctionConfiguration', kind: 'error' });
    const error = await rejects(
      publish({ ...whole, config: { bucket: 'code', target: 'layer' } }),
      'PUBLISH_INCOMPLETE',
    );
    assert.match(error.message, 'works as before');
    assert.equal([fn?.latest.code.sha256, fn?.latest.layers], [before, []]);
    assert.is(fn?.history.length, 3, 'the code alone was there in between');
  }));

test.run();
