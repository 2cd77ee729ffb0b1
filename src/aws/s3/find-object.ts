import type { HeadObjectCommandOutput, S3 } from '@aws-sdk/client-s3';
import { SlimError } from '../../errors.ts';
import type { Call } from '../call.ts';
import type { ObjectRef } from '../types.ts';
import { type Place, statusOf } from './call-bucket.ts';

/** What an object has to be. */
export interface Content {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/**
 * Looks for an object with this content. Null also where the caller may not look: S3 says "denied" of what is not there to
 * those who may not list the bucket, and whoever may only write can still send it once more. Throws `BUCKET_MISSING`.
 */
export async function findObject(
  call: Call<S3>,
  { bucket, key }: Place,
  expected: Content,
): Promise<ObjectRef | null> {
  try {
    const found = await call(`Looking for s3://${bucket}/${key}`, (s3, http) =>
      s3.headObject({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }, http),
    );
    const isSame = found.ContentLength === expected.bytes && hasContent(found, expected.sha256);
    return isSame ? { bucket, key, version: toVersion(found.VersionId) } : null;
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) await checkBucket(call, bucket);
    else if (status !== 403) throw error;
    return null;
  }
}

/** Of a bucket without versions there is none; one that was there before versions were kept is called `null`. */
export function toVersion(id: string | undefined): string | null {
  return id === undefined || id === 'null' ? null : id;
}

/** The checksum of the whole object counts most; one of an upload in parts is made of their checksums, and says nothing here. */
function hasContent(found: HeadObjectCommandOutput, sha256: string): boolean {
  const { ChecksumSHA256: checksum, ChecksumType: type } = found;
  if (checksum !== undefined && type !== 'COMPOSITE' && !checksum.includes('-'))
    return checksum === Buffer.from(sha256, 'hex').toString('base64');
  return found.Metadata?.sha256 === sha256;
}

/** The answer to HEAD has no body, so that it does not say whether the object or its bucket is missing. */
async function checkBucket(call: Call<S3>, bucket: string): Promise<void> {
  try {
    await call(`Looking for the bucket ${bucket}`, (s3, http) => s3.headBucket({ Bucket: bucket }, http));
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) throw new SlimError('BUCKET_MISSING', [bucket], { cause: error });
    if (status !== 403) throw error;
  }
}
