import { createHash, randomBytes } from 'node:crypto';
import type { AccountState } from '../state.ts';
import { type Call, NOTHING, Refusal, type Reply } from '../types.ts';
import { xml } from '../xml.ts';
import { CHECKSUMS, toChecksumName } from './checksums.ts';
import { findBucket, findUpload } from './find-bucket.ts';
import { readMetadata } from './objects.ts';
import { readS3Body } from './read-body.ts';
import type { Part, Upload } from './state.ts';

export function createUpload(call: Call, state: AccountState): Reply {
  const bucket = findBucket(call, state);
  const { headers, params } = call;
  const algorithm = headers['x-amz-checksum-algorithm'];
  const type = headers['x-amz-checksum-type'];
  if (algorithm === undefined && type !== undefined)
    throw refuse('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  if (type === 'FULL_OBJECT' && String(algorithm).startsWith('SHA'))
    throw refuse(
      `The FULL_OBJECT checksum type cannot be used with the ${String(algorithm).toLowerCase()} checksum algorithm.`,
    );
  const upload: Upload = {
    id: randomBytes(48).toString('base64url'),
    key: params.Key ?? '',
    checksum:
      algorithm === undefined
        ? null
        : { name: toChecksumName(String(algorithm)), type: type === 'FULL_OBJECT' ? type : 'COMPOSITE' },
    metadata: readMetadata(headers),
    parts: new Map(),
    begun: new Date(),
  };
  bucket.uploads.set(upload.id, upload);
  const answer = { Bucket: bucket.name, Key: upload.key, UploadId: upload.id };
  const reply = xml(200, { InitiateMultipartUploadResult: answer });
  if (!upload.checksum) return reply;
  const { name, type: made } = upload.checksum;
  return {
    ...reply,
    headers: { ...reply.headers, 'x-amz-checksum-algorithm': name, 'x-amz-checksum-type': made },
  };
}

const refuse = (message: string): Refusal => new Refusal(400, 'InvalidRequest', message);

/** A part that is there already is replaced. */
export function uploadPart(call: Call, state: AccountState): Reply {
  const [, upload] = findUpload(call, state);
  const number = Number(call.query.get('partNumber'));
  if (!(number >= 1 && number <= 10_000))
    throw new Refusal(
      400,
      'InvalidArgument',
      'Part number must be an integer between 1 and 10000, inclusive',
    );
  const { bytes, checksums } = readS3Body(call);
  const [sent] = CHECKSUMS.filter(name => checksums[name] !== undefined);
  if (upload.checksum && upload.checksum.name !== sent)
    throw refuse(
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.name.toLowerCase()}, actual checksum Type: ${sent?.toLowerCase() ?? 'null'}`,
    );
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
  upload.parts.set(number, { number, bytes, etag, checksums, modified: new Date() });
  const headers = sent ? { [`x-amz-checksum-${sent.toLowerCase()}`]: checksums[sent] ?? '' } : {};
  return { status: 200, headers: { ETag: etag, ...headers } };
}

export function listParts(call: Call, state: AccountState): Reply {
  const [bucket, upload] = findUpload(call, state);
  const after = Number(call.query.get('part-number-marker') ?? 0);
  const most = Math.min(Number(call.query.get('max-parts') ?? 1000), state.behaviour.pageItems);
  const left = sortParts(upload).filter(({ number }) => number > after);
  const page = left.slice(0, most);
  const checksum = upload.checksum
    ? { ChecksumAlgorithm: upload.checksum.name, ChecksumType: upload.checksum.type }
    : {};
  return xml(200, {
    ListPartsResult: {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: after,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: most,
      IsTruncated: left.length > page.length,
      ...checksum,
      Part: page.map(describePart),
    },
  });
}

function sortParts({ parts }: Upload): readonly Part[] {
  return [...parts.values()].sort((a, b) => a.number - b.number);
}

function describePart({ number, etag, bytes, checksums, modified }: Part): Record<string, string | number> {
  const values = Object.entries(checksums).map(([name, value]) => [`Checksum${name}`, value]);
  return {
    PartNumber: number,
    LastModified: modified.toISOString(),
    ETag: etag,
    Size: bytes.length,
    ...Object.fromEntries(values),
  };
}

export function listUploads(call: Call, state: AccountState): Reply {
  const bucket = findBucket(call, state);
  const [prefix, keyMarker, idMarker] = ['prefix', 'key-marker', 'upload-id-marker'].map(
    name => call.query.get(name) ?? '',
  ) as [string, string, string];
  const most = Math.min(Number(call.query.get('max-uploads') ?? 1000), state.behaviour.pageItems);
  const all = [...bucket.uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : Number(a.begun) - Number(b.begun)));
  const marked = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  const left = all.slice(marked + 1);
  const page = left.slice(0, most);
  const more = left.length > page.length;
  return xml(200, {
    ListMultipartUploadsResult: {
      Bucket: bucket.name,
      KeyMarker: keyMarker,
      UploadIdMarker: idMarker,
      Prefix: prefix,
      NextKeyMarker: more ? page.at(-1)?.key : undefined,
      NextUploadIdMarker: more ? page.at(-1)?.id : undefined,
      MaxUploads: most,
      IsTruncated: more,
      Upload: page.map(({ key, id, begun, checksum }) => ({
        Key: key,
        UploadId: id,
        Initiated: begun.toISOString(),
        StorageClass: 'STANDARD',
        ChecksumAlgorithm: checksum?.name,
        ChecksumType: checksum?.type,
      })),
    },
  });
}

export function abortUpload(call: Call, state: AccountState): Reply {
  const [bucket, upload] = findUpload(call, state);
  bucket.uploads.delete(upload.id);
  return NOTHING;
}
