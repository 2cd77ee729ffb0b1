import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Clients, refuses, withClients } from '../helpers/aws-stub/clients.ts';

const MIB = 1024 * 1024;
const SEED = { seed: { buckets: { plain: {}, kept: { versioned: true }, far: { region: 'us-east-1' } } } };
const AT = { Bucket: 'kept', Key: 'lambda-slim/a b.zip' };

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

/** Begins an upload in parts with SHA-256. */
async function begin({ s3 }: Clients, more: object = { ChecksumAlgorithm: 'SHA256' }): Promise<string> {
  return (await s3.createMultipartUpload({ ...AT, ...more })).UploadId ?? '';
}

/** Sends a part of so many bytes, each its number. */
async function send(
  { s3 }: Clients,
  UploadId: string,
  PartNumber: number,
  bytes: number,
): Promise<CompletedPart> {
  const Body = Buffer.alloc(bytes, PartNumber);
  const { ETag, ChecksumSHA256 } = await s3.uploadPart({
    ...AT,
    UploadId,
    PartNumber,
    Body,
    ChecksumAlgorithm: 'SHA256',
  });
  return { PartNumber, ...(ETag ? { ETag } : {}), ...(ChecksumSHA256 ? { ChecksumSHA256 } : {}) };
}

test('an object is what was sent, with its checksum and its version', async () => {
  await withClients(SEED, async ({ stub, s3 }) => {
    const Body = Buffer.from('some bytes');
    const put = await s3.putObject({ ...AT, Body, ChecksumAlgorithm: 'SHA256', Metadata: { made: 'here' } });
    const head = await s3.headObject({ ...AT, ChecksumMode: 'ENABLED' });
    assert.equal(
      [head.ContentLength, head.ChecksumSHA256, head.Metadata],
      [10, sha256(Body), { made: 'here' }],
    );
    assert.equal(
      [head.VersionId, head.ETag],
      [put.VersionId, `"${createHash('md5').update(Body).digest('hex')}"`],
    );
    assert.is((await s3.headObject(AT)).ChecksumSHA256, undefined);
    const part = await s3.getObject({ ...AT, Range: 'bytes=5-' });
    assert.equal([await part.Body?.transformToString(), part.ContentRange], ['bytes', 'bytes 5-9/10']);
    await refuses(
      s3.getObject({ ...AT, Range: 'bytes=10-' }),
      'InvalidRange',
      416,
      'The requested range is not satisfiable',
    );
    await s3.putObject({ ...AT, Body: 'newer' });
    const old = await s3.getObject({ ...AT, ...(put.VersionId ? { VersionId: put.VersionId } : {}) });
    assert.is(await old.Body?.transformToString(), 'some bytes');
    assert.is(stub.state.buckets.get('kept')?.objects.get(AT.Key)?.length, 2);
    assert.is((await s3.putObject({ ...AT, Bucket: 'plain', Body })).VersionId, undefined);
  });
});

test('a stream that comes in chunks is checked by what trails it', async () => {
  await withClients(SEED, async ({ stub, s3 }) => {
    const bytes = Buffer.alloc(200_000, 'abc');
    const Body = Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
    await s3.putObject({ ...AT, Body, ContentLength: bytes.length, ChecksumAlgorithm: 'SHA256' });
    const [stored] = stub.state.buckets.get('kept')?.objects.get(AT.Key) ?? [];
    assert.ok(stored?.bytes.equals(bytes));
    assert.is(stored?.checksum?.value, sha256(bytes));
  });
});

test('bytes that are not what was said of them are refused', async () => {
  await withClients(SEED, async ({ stub, s3 }) => {
    const put = (change: object) => s3.putObject({ ...AT, Body: 'abc', ...change });
    const other = sha256(Buffer.from('abd'));
    const text = 'The SHA256 you specified did not match the calculated checksum.';
    await refuses(put({ ChecksumSHA256: other }), 'BadDigest', 400, text);
    await refuses(
      put({ ChecksumSHA256: 'abc' }),
      'InvalidRequest',
      400,
      'Value for x-amz-checksum-sha256 header is invalid.',
    );
    const md5 = createHash('md5').update('abd').digest('base64');
    await refuses(
      put({ ContentMD5: md5 }),
      'BadDigest',
      400,
      'The Content-MD5 you specified did not match what we received.',
    );
    await refuses(
      put({ ContentMD5: 'abc' }),
      'InvalidDigest',
      400,
      'The Content-MD5 you specified was invalid.',
    );
    assert.is(stub.state.buckets.get('kept')?.objects.size, 0);
    await put({ IfNoneMatch: '*' });
    await refuses(put({ IfNoneMatch: '*' }), 'PreconditionFailed', 412, /pre-conditions/);
  });
});

test('what is not there, or elsewhere, is not found', async () => {
  await withClients(SEED, async ({ s3 }) => {
    const get = (change: object) => s3.getObject({ ...AT, ...change });
    await refuses(get({}), 'NoSuchKey', 404, 'The specified key does not exist.');
    await refuses(get({ Bucket: 'none' }), 'NoSuchBucket', 404, 'The specified bucket does not exist');
    await refuses(s3.headObject(AT), 'NotFound', 404, /./);
    await refuses(s3.headBucket({ Bucket: 'none' }), 'NotFound', 404, /./);
    await refuses(get({ Bucket: 'far' }), 'PermanentRedirect', 301, /specified endpoint/);
    const where = async (Bucket: string) => (await s3.getBucketLocation({ Bucket })).LocationConstraint;
    assert.equal([await where('kept'), await where('far')], ['eu-west-1', undefined]);
    assert.is((await s3.getBucketVersioning({ Bucket: 'kept' })).Status, 'Enabled');
    assert.is((await s3.getBucketVersioning({ Bucket: 'plain' })).Status, undefined);
    assert.is((await s3.headBucket({ Bucket: 'plain' })).BucketRegion, 'eu-west-1');
  });
});

test('parts become an object whose checksum is that of their checksums', async () => {
  await withClients({ ...SEED, pageItems: 1 }, async clients => {
    const { stub, s3 } = clients;
    const UploadId = await begin(clients);
    const Parts = [await send(clients, UploadId, 1, 5 * MIB), await send(clients, UploadId, 3, 10)];
    const first = await s3.listParts({ ...AT, UploadId });
    const PartNumberMarker = String(first.NextPartNumberMarker);
    const second = await s3.listParts({ ...AT, UploadId, PartNumberMarker });
    assert.equal([first.IsTruncated, second.IsTruncated], [true, false]);
    assert.equal(
      [first.Parts?.[0]?.ChecksumSHA256, second.Parts?.[0]?.PartNumber],
      [Parts[0]?.ChecksumSHA256, 3],
    );
    const done = await s3.completeMultipartUpload({ ...AT, UploadId, MultipartUpload: { Parts } });
    const sums = Parts.map(part => Buffer.from(part.ChecksumSHA256 ?? '', 'base64'));
    assert.is(done.ChecksumSHA256, `${sha256(Buffer.concat(sums))}-2`);
    assert.match(done.ETag ?? '', /^"[0-9a-f]{32}-2"$/);
    const head = await s3.headObject({ ...AT, ChecksumMode: 'ENABLED' });
    assert.equal(
      [head.ContentLength, head.ChecksumType, head.VersionId],
      [5 * MIB + 10, 'COMPOSITE', done.VersionId],
    );
    const again = s3.completeMultipartUpload({ ...AT, UploadId, MultipartUpload: { Parts } });
    await refuses(again, 'NoSuchUpload', 404, /^The specified upload does not exist\./);
    assert.is(stub.state.buckets.get('kept')?.uploads.size, 0);
  });
});

test('an upload is completed only by the parts that it has, in order, large enough', async () => {
  await withClients(SEED, async clients => {
    const { s3 } = clients;
    const UploadId = await begin(clients);
    const [one, two] = [await send(clients, UploadId, 1, 10), await send(clients, UploadId, 2, 10)];
    const complete = (...Parts: CompletedPart[]) =>
      s3.completeMultipartUpload({ ...AT, UploadId, MultipartUpload: { Parts } });
    await refuses(complete(one, two), 'EntityTooSmall', 400, /smaller than the minimum allowed size$/);
    await refuses(complete(two, one), 'InvalidPartOrder', 400, /not in ascending order/);
    await refuses(complete({ ...one, ETag: two.ETag }), 'InvalidPart', 400, /could not be found/);
    await refuses(complete({ ...one, PartNumber: 9 }), 'InvalidPart', 400, /could not be found/);
    await refuses(
      complete({ ...one, ChecksumSHA256: two.ChecksumSHA256 }),
      'InvalidPart',
      400,
      /could not be found/,
    );
    await refuses(
      complete({ PartNumber: 1, ETag: one.ETag }),
      'InvalidRequest',
      400,
      /must include the checksum for each part/,
    );
    const sized = { ...AT, UploadId, MultipartUpload: { Parts: [one] }, MpuObjectSize: 11 };
    await refuses(
      s3.completeMultipartUpload(sized),
      'InvalidRequest',
      400,
      /does not match what was computed: 10$/,
    );
    await complete(two);
    assert.is((await s3.headObject(AT)).ContentLength, 10);
  });
});

test('a part is refused that has no upload, another checksum, or bytes that were changed', async () => {
  await withClients(SEED, async clients => {
    const { s3 } = clients;
    const UploadId = await begin(clients);
    const part = (change: object) =>
      s3.uploadPart({ ...AT, UploadId, PartNumber: 1, Body: 'abc', ...change });
    await refuses(part({ UploadId: 'x' }), 'NoSuchUpload', 404, /may have been aborted or completed\.$/);
    await refuses(part({ PartNumber: 10_001 }), 'InvalidArgument', 400, /between 1 and 10000, inclusive$/);
    await refuses(
      part({}),
      'InvalidRequest',
      400,
      /expected checksum Type: sha256, actual checksum Type: crc32$/,
    );
    await refuses(part({ ChecksumSHA256: sha256(Buffer.from('abd')) }), 'BadDigest', 400, /did not match/);
    const other = begin(clients, { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' });
    await refuses(other, 'InvalidRequest', 400, /cannot be used with the sha256 checksum algorithm\.$/);
  });
});

test('uploads that are open are listed by prefix, in pages, until they are aborted', async () => {
  await withClients({ ...SEED, pageItems: 1 }, async clients => {
    const { s3 } = clients;
    const [one, two] = [await begin(clients), await begin(clients)];
    const list = (more: object = {}) =>
      s3.listMultipartUploads({ Bucket: 'kept', Prefix: 'lambda-slim/', ...more });
    const first = await list();
    const second = await list({ KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker });
    const ids = [first, second].map(({ Uploads }) => Uploads?.[0]?.UploadId);
    assert.equal([ids.toSorted(), second.IsTruncated], [[one, two].toSorted(), false]);
    assert.is(first.Uploads?.[0]?.Key, AT.Key);
    assert.is((await s3.listMultipartUploads({ Bucket: 'kept', Prefix: 'x' })).Uploads, undefined);
    for (const UploadId of [one, two]) await s3.abortMultipartUpload({ ...AT, UploadId });
    assert.is((await list()).Uploads, undefined);
    await refuses(s3.abortMultipartUpload({ ...AT, UploadId: one }), 'NoSuchUpload', 404, /./);
  });
});

test.run();
