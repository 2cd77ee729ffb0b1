import { writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PART_BYTES } from '../../../src/aws/s3/file-parts.ts';
import { SlimError } from '../../../src/errors.ts';
import { rejects } from '../../helpers/rejects.ts';
import { BUCKET, type Upload, withUpload } from '../../helpers/upload.ts';

const SMALL = 1000;
/** Three parts. */
const LARGE = 2 * PART_BYTES + 77;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const countOf = ({ stub }: Upload, operation: string): number =>
  stub.requests.filter(request => request.operation === operation).length;
const uploadsOf = ({ stub }: Upload): number => stub.state.buckets.get(BUCKET)?.uploads.size ?? 0;

test('a small file is put in one call, with its digest, and is found again in its version', () =>
  withUpload(SMALL, {}, async upload => {
    assert.is(await upload.find(), null);
    const sent = await upload.send();
    const stored = upload.stub.state.buckets.get(BUCKET)?.objects.get(upload.key)?.at(-1);
    assert.ok(upload.stored()?.equals(upload.bytes));
    assert.is(stored?.checksum?.value, Buffer.from(upload.sha256, 'hex').toString('base64'));
    assert.is(stored?.metadata.sha256, upload.sha256);
    assert.equal(sent, { bucket: BUCKET, key: upload.key, version: stored?.version });
    assert.equal(await upload.find(), sent);
    assert.is(sum(upload.told), SMALL);
  }));

test('a large file is sent in parts, each with its digest, and is found again', () =>
  withUpload(LARGE, {}, async upload => {
    const sent = await upload.send();
    assert.ok(upload.stored()?.equals(upload.bytes));
    assert.match(sent.version ?? '', /\S/);
    assert.is(countOf(upload, 'UploadPart'), 3);
    assert.equal(await upload.find(), sent);
    assert.is(sum(upload.told), LARGE);
    assert.is(uploadsOf(upload), 0);
  }));

test('a bucket without versions gives none', () =>
  withUpload(LARGE, { seed: { buckets: { [BUCKET]: {} } } }, async upload => {
    assert.is((await upload.send()).version, null);
  }));

for (const kind of ['throttle', 'error', 'drop-before', 'drop-after', 'hang-after'] as const)
  test(`a small file arrives, though its call meets ${kind} once`, () =>
    withUpload(
      SMALL,
      { faults: [{ at: 0, kind }] },
      async upload => {
        const sent = await upload.send();
        assert.ok(upload.stored()?.equals(upload.bytes));
        assert.equal(await upload.find(), sent);
        assert.is(sum(upload.told), SMALL);
      },
      { silenceMs: 400 },
    ));

test('a part that hangs is sent again', () =>
  withUpload(
    LARGE,
    { faults: [{ operation: 'UploadPart', occurrence: 2, kind: 'hang' }] },
    async upload => {
      await upload.send();
      assert.ok(upload.stored()?.equals(upload.bytes));
    },
    { silenceMs: 800 },
  ));

for (const operation of [
  'ListMultipartUploads',
  'CreateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
])
  test(`where ${operation} fails for good, the next run goes on`, () =>
    withUpload(LARGE, {}, async upload => {
      // Two parts at three times each, and one that arrives; the others are single calls.
      const [occurrence, times] = operation === 'UploadPart' ? [2, 6] : [1, 3];
      upload.stub.fault({ operation, occurrence, times, kind: 'drop-before' });
      const code = /^(?:List|Create)/.test(operation) ? 'AWS_UNREACHABLE' : 'UPLOAD_INCOMPLETE';
      const error = await rejects(upload.send(), code);
      if (code === 'UPLOAD_INCOMPLETE') assert.match(error.message, /of 3 parts .* sent/);
      const first = countOf(upload, 'UploadPart');
      upload.told.length = 0;
      await upload.send();
      assert.ok(upload.stored()?.equals(upload.bytes));
      assert.is(uploadsOf(upload), 0);
      assert.is(sum(upload.told), LARGE);
      if (operation === 'CompleteMultipartUpload') assert.is(countOf(upload, 'UploadPart'), first);
    }));

test('of an upload that was broken off only parts with the same bytes count', () =>
  withUpload(LARGE, { pageItems: 1 }, async upload => {
    upload.stub.fault({ operation: 'CompleteMultipartUpload', times: 3, kind: 'error' });
    await rejects(upload.send(), 'UPLOAD_INCOMPLETE');
    const [open] = upload.stub.state.buckets.get(BUCKET)?.uploads.values() ?? [];
    const [one, two] = [open?.parts.get(1), open?.parts.get(2)];
    assert.ok(open && one && two);
    // Another part of the same size, and one that is cut off.
    if (open && one && two) {
      open.parts.set(2, { ...one, number: 2 });
      open.parts.set(3, { ...one, number: 3, bytes: one.bytes.subarray(0, 77) });
    }
    const before = countOf(upload, 'UploadPart');
    await upload.send();
    assert.ok(upload.stored()?.equals(upload.bytes));
    assert.is(countOf(upload, 'UploadPart') - before, 2);
  }));

test('the newest of several is gone on with, and one under a longer name is not ours', () =>
  withUpload(LARGE, { pageItems: 1 }, async upload => {
    upload.stub.fault({ operation: 'CompleteMultipartUpload', times: 3, kind: 'error' });
    await rejects(upload.send(), 'UPLOAD_INCOMPLETE');
    const uploads = upload.stub.state.buckets.get(BUCKET)?.uploads;
    const [ours] = uploads?.values() ?? [];
    assert.ok(ours && uploads);
    if (!ours || !uploads) return;
    uploads.set('older', { ...ours, id: 'older', parts: new Map(), begun: new Date(0) });
    uploads.set('foreign', {
      ...ours,
      id: 'foreign',
      key: `${ours.key}.bak`,
      begun: new Date(Date.now() + 9999),
    });
    const before = countOf(upload, 'UploadPart');
    await upload.send();
    assert.is(countOf(upload, 'UploadPart'), before);
    assert.equal([...uploads.keys()].toSorted(), ['foreign', 'older']);
  }));

test('an upload that somebody takes back meanwhile is begun anew', () =>
  withUpload(LARGE, {}, async upload => {
    const { uploads } = upload.stub.state.buckets.get(BUCKET) ?? {};
    const told = upload.objects.upload(BUCKET, upload.key, upload.path, {
      sha256: upload.sha256,
      onBytes: more => {
        upload.told.push(more);
        if (upload.told.length === 1) uploads?.clear();
      },
    });
    await told;
    assert.ok(upload.stored()?.equals(upload.bytes));
    assert.is(sum(upload.told), LARGE);
  }));

test('where only the answer that it is complete gets lost, nothing is sent again', () =>
  withUpload(
    LARGE,
    { faults: [{ operation: 'CompleteMultipartUpload', kind: 'drop-after' }] },
    async upload => {
      const sent = await upload.send();
      assert.equal(await upload.find(), sent);
      assert.is(countOf(upload, 'UploadPart'), 3);
      assert.is(upload.stub.state.buckets.get(BUCKET)?.objects.get(upload.key)?.length, 1);
    },
  ));

test('two who send the same at once both end well', () =>
  withUpload(LARGE, {}, async upload => {
    await Promise.all([upload.send(), upload.send()]);
    assert.ok(upload.stored()?.equals(upload.bytes));
  }));

test('who may only put objects can do so', () =>
  withUpload(
    LARGE,
    { denied: ['HeadObject', 'HeadBucket', 'ListMultipartUploads', 'ListParts'] },
    async upload => {
      assert.is(await upload.find(), null);
      await upload.send();
      assert.ok(upload.stored()?.equals(upload.bytes));
    },
  ));

test('who may not put objects is told', () =>
  withUpload(SMALL, { denied: ['PutObject'] }, async upload => {
    assert.match((await rejects(upload.send(), 'AWS_DENIED')).message, 's3:PutObject');
  }));

test('a file that changes meanwhile is not put together, and nothing of it stays', () =>
  withUpload(LARGE, {}, async upload => {
    upload.stub.fault({ operation: 'UploadPart', occurrence: 3, times: 3, kind: 'error' });
    await rejects(upload.send(), 'UPLOAD_INCOMPLETE');
    assert.is(uploadsOf(upload), 1);
    const changed = upload.objects.upload(BUCKET, upload.key, upload.path, {
      sha256: upload.sha256,
      // Two parts are there; the third is read after this.
      onBytes: () => writeFileSync(upload.path, Buffer.alloc(LARGE)),
    });
    await rejects(changed, 'PACKAGE_CHANGED');
    assert.is(uploadsOf(upload), 0);
    await rejects(upload.send(), 'PACKAGE_CHANGED');
  }));

test('after Ctrl-C the parts that are there are told of, and stay', () =>
  withUpload(LARGE, { faults: [{ operation: 'UploadPart', occurrence: 3, kind: 'hang' }] }, async upload => {
    const sending = upload.objects.upload(BUCKET, upload.key, upload.path, {
      sha256: upload.sha256,
      onBytes: more => {
        upload.told.push(more);
        if (upload.told.length === 2) upload.controller.abort();
      },
    });
    const error = await rejects(sending, 'UPLOAD_INCOMPLETE');
    assert.match(error.message, '2 of 3 parts');
    assert.ok(error.cause instanceof SlimError && error.cause.code === 'CANCELLED');
    assert.is(uploadsOf(upload), 1);
  }));

test.run();
