import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openObjectsApi } from '../../../src/aws/s3/open-objects-api.ts';
import { rejects } from '../../helpers/rejects.ts';
import { BUCKET, QUICK, withUpload } from '../../helpers/upload.ts';

test('an object of another size or content does not count', () =>
  withUpload(1000, {}, async upload => {
    const { version } = await upload.send();
    const { objects, key, sha256, bytes } = upload;
    const find = (expected: { bytes: number; sha256: string }) => objects.find(BUCKET, key, expected);
    assert.equal(await find({ bytes: bytes.length, sha256 }), { bucket: BUCKET, key, version });
    assert.is(await find({ bytes: bytes.length + 1, sha256 }), null);
    assert.is(await find({ bytes: bytes.length, sha256: '00'.repeat(32) }), null);
  }));

test('what somebody else put there counts only with a digest of the whole', () =>
  withUpload(1000, {}, async upload => {
    const { stub, key, bytes, sha256 } = upload;
    const object = (more: object) => ({
      key,
      bytes,
      etag: '"e"',
      version: 'v',
      checksum: null,
      metadata: {},
      modified: new Date(),
      ...more,
    });
    const put = (more: object) => stub.state.buckets.get(BUCKET)?.objects.set(key, [object(more)]);
    put({});
    assert.is(await upload.find(), null);
    put({ metadata: { sha256 } });
    assert.is((await upload.find())?.version, 'v');
    const digest = {
      name: 'SHA256',
      type: 'FULL_OBJECT',
      value: Buffer.from(sha256, 'hex').toString('base64'),
    };
    put({ checksum: digest });
    assert.is((await upload.find())?.version, 'v');
    // What the metadata say may be old; the checksum is S3's own.
    put({ metadata: { sha256 }, checksum: { ...digest, value: Buffer.alloc(32).toString('base64') } });
    assert.is(await upload.find(), null);
    put({ metadata: { sha256 }, checksum: { ...digest, type: 'COMPOSITE', value: `${digest.value}-2` } });
    assert.is((await upload.find())?.version, 'v');
    // It was there before the bucket kept versions.
    put({ metadata: { sha256 }, version: 'null' });
    assert.is((await upload.find())?.version, null);
  }));

test('a bucket that is not there is told of, before and while something is sent', () =>
  withUpload(10, { seed: { buckets: {} } }, async upload => {
    await rejects(upload.find(), 'BUCKET_MISSING');
    assert.match((await rejects(upload.send(), 'BUCKET_MISSING')).message, BUCKET);
  }));

test('a bucket of another region is told of', () =>
  withUpload(10, { seed: { buckets: { [BUCKET]: { region: 'us-east-2' } } } }, async upload => {
    await rejects(upload.find(), 'BUCKET_REGION');
    assert.match((await rejects(upload.send(), 'BUCKET_REGION')).message, 'eu-west-1');
  }));

test('who may look at nothing finds nothing; wrong keys are told of', () =>
  withUpload(10, { denied: ['HeadObject'] }, async upload => {
    assert.is(await upload.find(), null);
    const signal = new AbortController().signal;
    const env = { ...upload.stub.env, AWS_ACCESS_KEY_ID: 'AKIDOTHER' };
    const objects = openObjectsApi(env, 'eu-west-1', { signal, ...QUICK });
    const sha256 = upload.sha256;
    await rejects(
      objects.upload(BUCKET, upload.key, upload.path, { sha256, onBytes: () => {} }),
      'AWS_CREDENTIALS',
    );
  }));

test('S3 that fails for good is told of', () =>
  withUpload(10, {}, async upload => {
    upload.stub.fault({ operation: 'HeadObject', times: 3, kind: 'error' });
    await rejects(upload.find(), 'AWS_FAILED');
    upload.stub.fault({ operation: 'HeadBucket', times: 3, kind: 'drop-before' });
    await rejects(upload.find(), 'AWS_UNREACHABLE');
  }));

test('Ctrl-C ends a look', () =>
  withUpload(10, { faults: [{ at: 0, kind: 'hang' }] }, async upload => {
    const looking = upload.find();
    setTimeout(() => upload.controller.abort(), 50);
    await rejects(looking, 'CANCELLED');
  }));

test.run();
