import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AccountState } from '../state.ts';
import { type Call, Refusal, type Reply } from '../types.ts';
import { xml } from '../xml.ts';
import { CHECKSUMS } from './checksums.ts';
import { findBucket, findObject } from './find-bucket.ts';
import { readS3Body } from './read-body.ts';
import { sliceRange } from './slice-range.ts';
import type { Bucket, Checksum, StoredObject } from './state.ts';

export function putObject(call: Call, state: AccountState): Reply {
  const bucket = findBucket(call, state);
  const { bytes, checksums } = readS3Body(call);
  checkAbsent(bucket, call);
  const name = CHECKSUMS.find(candidate => checksums[candidate] !== undefined);
  const checksum: Checksum | null = name ? { name, value: checksums[name] ?? '', type: 'FULL_OBJECT' } : null;
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
  const metadata = readMetadata(call.headers);
  const made = storeObject(bucket, { key: call.params.Key ?? '', bytes, etag, checksum, metadata });
  return { status: 200, headers: { ETag: etag, ...toVersionHeader(made), ...toChecksumHeaders(checksum) } };
}

/** `If-None-Match: *` writes only what is not there. */
export function checkAbsent(bucket: Bucket, { headers, params }: Call): void {
  if (headers['if-none-match'] === undefined) return;
  if (bucket.objects.has(params.Key ?? ''))
    throw new Refusal(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      {
        Condition: 'If-None-Match',
      },
    );
}

export function storeObject(
  bucket: Bucket,
  object: Omit<StoredObject, 'version' | 'modified'>,
): StoredObject {
  const made = { ...object, version: bucket.versioned ? randomUUID() : null, modified: new Date() };
  const before = bucket.versioned ? (bucket.objects.get(object.key) ?? []) : [];
  bucket.objects.set(object.key, [...before, made]);
  return made;
}

export function headObject(call: Call, state: AccountState): Reply {
  const object = findObject(call, state);
  return {
    status: 200,
    headers: { ...describe(object, call), 'Content-Length': String(object.bytes.length) },
  };
}

export function getObject(call: Call, state: AccountState): Reply {
  const object = findObject(call, state);
  return sliceRange(object.bytes, call.headers.range, describe(object, call));
}

function describe(object: StoredObject, { headers }: Call): Record<string, string> {
  const wantsChecksum = headers['x-amz-checksum-mode'] === 'ENABLED' && headers.range === undefined;
  return {
    ETag: object.etag,
    'Last-Modified': object.modified.toUTCString(),
    'Accept-Ranges': 'bytes',
    'Content-Type': 'application/octet-stream',
    ...Object.fromEntries(
      Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
    ),
    ...toVersionHeader(object),
    ...(wantsChecksum ? toChecksumHeaders(object.checksum) : {}),
  };
}

export function toVersionHeader({ version }: StoredObject): Record<string, string> {
  return version === null ? {} : { 'x-amz-version-id': version };
}

function toChecksumHeaders(checksum: Checksum | null): Record<string, string> {
  if (!checksum) return {};
  return {
    [`x-amz-checksum-${checksum.name.toLowerCase()}`]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

export function readMetadata(headers: IncomingHttpHeaders): Record<string, string> {
  const start = 'x-amz-meta-';
  const found = Object.entries(headers).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(start.length), String(value)]));
}

export function headBucket(call: Call, state: AccountState): Reply {
  return { status: 200, headers: { 'x-amz-bucket-region': findBucket(call, state).region } };
}

/** Also of a bucket in another region, which is why one asks. S3 says nothing of `us-east-1`. */
export function getBucketLocation(call: Call, state: AccountState): Reply {
  const { region } = state.buckets.get(call.params.Bucket ?? '') ?? findBucket(call, state);
  const start = '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  const body = region === 'us-east-1' ? `${start}/>` : `${start}>${region}</LocationConstraint>`;
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, body };
}

export function getBucketVersioning(call: Call, state: AccountState): Reply {
  const { versioned } = findBucket(call, state);
  return xml(200, { VersioningConfiguration: versioned ? { Status: 'Enabled' } : '' });
}
