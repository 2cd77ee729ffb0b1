import type { S3 } from '@aws-sdk/client-s3';
import { SlimError } from '../../errors.ts';
import { isAwsError } from '../aws-cause.ts';
import type { Call } from '../call.ts';
import type { ObjectRef, UploadOptions } from '../types.ts';
import type { Place } from './call-bucket.ts';
import { type FilePart, type PartedFile, withFileParts } from './file-parts.ts';
import { findObject, toVersion } from './find-object.ts';
import {
  abortUpload,
  completeUpload,
  findUpload,
  listSentParts,
  type SentParts,
  sendParts,
  startUpload,
  type Upload,
} from './multipart.ts';

/** Somebody else may complete or take back the same upload meanwhile; so often it is looked at anew. */
const MAX_ROUNDS = 3;

/** Answers that mean that an upload is not there any more, or no longer has the parts that it had. */
const LOST = ['NoSuchUpload', 'InvalidPart'];

/**
 * Sends a file; one that does not fit in one part in parts, after those that an earlier try has sent. Each has a checksum that
 * S3 compares. Throws `PACKAGE_CHANGED`; `UPLOAD_INCOMPLETE` once parts are there, which the next try goes on with;
 * `BUCKET_MISSING`, `BUCKET_REGION`, and what else AWS says.
 */
export function uploadObject(
  call: Call<S3>,
  place: Place,
  path: string,
  { sha256, onBytes }: UploadOptions,
): Promise<ObjectRef> {
  return withFileParts(path, sha256, file => {
    const only = file.parts.length === 1 ? file.parts[0] : undefined;
    return only
      ? putObject(call, place, file, only, { sha256, onBytes })
      : uploadInParts(call, place, file, { sha256, onBytes });
  });
}

async function putObject(
  call: Call<S3>,
  { bucket, key }: Place,
  file: PartedFile,
  part: FilePart,
  { sha256, onBytes }: UploadOptions,
): Promise<ObjectRef> {
  const bytes = await file.read(part);
  const put = await call(`Sending ${key}`, (s3, http) =>
    s3.putObject(
      {
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentLength: part.bytes,
        ContentType: 'application/zip',
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: part.sha256,
        Metadata: { sha256 },
      },
      http,
    ),
  );
  onBytes(part.bytes);
  return { bucket, key, version: toVersion(put.VersionId) };
}

async function uploadInParts(
  call: Call<S3>,
  place: Place,
  file: PartedFile,
  { sha256, onBytes }: UploadOptions,
): Promise<ObjectRef> {
  const tell = tellOnce(onBytes);
  for (let round = 1; ; round++) {
    const upload = (await findUpload(call, place)) ?? (await startUpload(call, place, sha256));
    const sent: SentParts = new Map();
    try {
      for (const [number, tag] of await listSentParts(call, upload, file)) {
        sent.set(number, tag);
        tell(file.parts[number - 1]);
      }
      await sendParts(call, upload, file, sent, tell);
      return { ...place, version: await completeUpload(call, upload, file, sent) };
    } catch (error) {
      // An answer that was lost may have been that it is complete.
      const found = isLost(error) ? await findObject(call, place, { bytes: file.bytes, sha256 }) : null;
      if (found) return found;
      if (round === MAX_ROUNDS || !isLost(error))
        throw await explainBrokenOff(error, call, upload, file, sent);
    }
  }
}

/** A part that is sent again counts once. */
function tellOnce(onBytes: (bytes: number) => void): (part: FilePart | undefined) => void {
  const told = new Set<FilePart>();
  return part => {
    if (!part || told.has(part)) return;
    told.add(part);
    onBytes(part.bytes);
  };
}

function isLost(error: unknown): boolean {
  return isAwsError(error, ...LOST);
}

/** Parts of a file that is no longer what it was are of no use to anybody. */
async function explainBrokenOff(
  error: unknown,
  call: Call<S3>,
  upload: Upload,
  file: PartedFile,
  sent: SentParts,
): Promise<unknown> {
  if (!(error instanceof SlimError)) return error;
  if (error.code === 'PACKAGE_CHANGED') {
    await abortUpload(call, upload);
    return error;
  }
  const facts = [upload.bucket, upload.key, sent.size, file.parts.length, error.message] as const;
  return new SlimError('UPLOAD_INCOMPLETE', [...facts], { cause: error });
}
