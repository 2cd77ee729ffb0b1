import type { S3 } from '@aws-sdk/client-s3';
import type { Call } from '../call.ts';

/** Whether a bucket keeps versions of its objects. Throws `BUCKET_MISSING`, `AWS_DENIED`. */
export async function isVersioned(call: Call<S3>, bucket: string): Promise<boolean> {
  const { Status } = await call(`Looking whether ${bucket} keeps versions`, (s3, http) =>
    s3.getBucketVersioning({ Bucket: bucket }, http),
  );
  return Status === 'Enabled';
}
