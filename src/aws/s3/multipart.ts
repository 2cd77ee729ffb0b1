import type { S3 } from '@aws-sdk/client-s3';
import { mapPool } from '../../util/pool.ts';
import type { Call } from '../call.ts';
import { orNullIfDenied, type Place } from './call-bucket.ts';
import type { FilePart, PartedFile } from './file-parts.ts';
import { toVersion } from './find-object.ts';

/** Parts that are sent at the same time; that is also how many are in memory. */
const PARALLEL = 3;

/** An upload that S3 keeps the parts of until it is completed. */
export interface Upload extends Place {
  readonly id: string;
}

/** What S3 calls a part that it has, by number. */
export type SentParts = Map<number, string>;

/** The newest upload for the same content that was not completed; null also where uploads may not be listed. */
export async function findUpload(call: Call<S3>, { bucket, key }: Place): Promise<Upload | null> {
  const open: { readonly id: string; readonly began: number }[] = [];
  const from: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (let isMore = true; isMore; ) {
    const page = await orNullIfDenied(
      call(`Looking for an upload of ${key} that was broken off`, (s3, http) =>
        s3.listMultipartUploads({ Bucket: bucket, Prefix: key, ...from }, http),
      ),
    );
    for (const { Key, UploadId, Initiated, ChecksumAlgorithm } of page?.Uploads ?? [])
      if (Key === key && UploadId && (ChecksumAlgorithm ?? 'SHA256') === 'SHA256')
        open.push({ id: UploadId, began: Initiated?.getTime() ?? 0 });
    isMore = page?.IsTruncated === true && page.NextKeyMarker !== undefined;
    Object.assign(from, { KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker });
  }
  const newest = open.toSorted((a, b) => b.began - a.began)[0];
  return newest ? { bucket, key, id: newest.id } : null;
}

/** `sha256` of the whole, hex, is how the object is known again later. */
export async function startUpload(call: Call<S3>, { bucket, key }: Place, sha256: string): Promise<Upload> {
  const { UploadId = '' } = await call(`Starting the upload of ${key}`, (s3, http) =>
    s3.createMultipartUpload(
      {
        Bucket: bucket,
        Key: key,
        ChecksumAlgorithm: 'SHA256',
        ChecksumType: 'COMPOSITE',
        ContentType: 'application/zip',
        Metadata: { sha256 },
      },
      http,
    ),
  );
  return { bucket, key, id: UploadId };
}

/** The parts that S3 has already, with the size and the digest of those of the file. */
export async function listSentParts(
  call: Call<S3>,
  { bucket, key, id }: Upload,
  file: PartedFile,
): Promise<SentParts> {
  const sent: SentParts = new Map();
  let after: string | undefined;
  for (let isMore = true; isMore; ) {
    const page = await orNullIfDenied(
      call(`Looking for the parts of ${key} that are there`, (s3, http) =>
        s3.listParts(
          { Bucket: bucket, Key: key, UploadId: id, ...(after ? { PartNumberMarker: after } : {}) },
          http,
        ),
      ),
    );
    for (const { PartNumber = 0, ETag, Size, ChecksumSHA256 } of page?.Parts ?? []) {
      const part = file.parts[PartNumber - 1];
      if (part && ETag && Size === part.bytes && ChecksumSHA256 === part.sha256) sent.set(PartNumber, ETag);
    }
    after = page?.NextPartNumberMarker;
    isMore = page?.IsTruncated === true && after !== undefined;
  }
  return sent;
}

/** Sends what is not in `sent` yet, and adds it there. After a failure the parts that are under way are still finished. */
export async function sendParts(
  call: Call<S3>,
  upload: Upload,
  file: PartedFile,
  sent: SentParts,
  onSent: (part: FilePart) => void,
): Promise<void> {
  const missing = file.parts.filter(part => !sent.has(part.number));
  const failures: unknown[] = [];
  await mapPool(missing, PARALLEL, async part => {
    if (failures.length > 0) return;
    try {
      sent.set(part.number, await sendPart(call, upload, part, await file.read(part), file.parts.length));
      onSent(part);
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0) throw failures[0];
}

async function sendPart(
  call: Call<S3>,
  { bucket, key, id }: Upload,
  part: FilePart,
  bytes: Buffer,
  count: number,
): Promise<string> {
  const { ETag = '' } = await call(`Sending part ${part.number} of ${count} of ${key}`, (s3, http) =>
    s3.uploadPart(
      {
        Bucket: bucket,
        Key: key,
        UploadId: id,
        PartNumber: part.number,
        Body: bytes,
        ContentLength: part.bytes,
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: part.sha256,
      },
      http,
    ),
  );
  return ETag;
}

/** Makes the object of its parts; gives its version. */
export async function completeUpload(
  call: Call<S3>,
  { bucket, key, id }: Upload,
  file: PartedFile,
  sent: SentParts,
): Promise<string | null> {
  const parts = file.parts.map(({ number, sha256 }) => ({
    PartNumber: number,
    ETag: sent.get(number) ?? '',
    ChecksumSHA256: sha256,
  }));
  const done = await call(`Completing the upload of ${key}`, (s3, http) =>
    s3.completeMultipartUpload(
      {
        Bucket: bucket,
        Key: key,
        UploadId: id,
        MpuObjectSize: file.bytes,
        MultipartUpload: { Parts: parts },
      },
      http,
    ),
  );
  return toVersion(done.VersionId);
}

/** Takes back an upload whose bytes are no longer wanted; what cannot be taken back is left. */
export async function abortUpload(call: Call<S3>, { bucket, key, id }: Upload): Promise<void> {
  await call(`Taking back the upload of ${key}`, (s3, http) =>
    s3.abortMultipartUpload({ Bucket: bucket, Key: key, UploadId: id }, http),
  ).catch(() => {});
}
