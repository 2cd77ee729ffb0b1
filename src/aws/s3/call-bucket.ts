import type { S3 } from '@aws-sdk/client-s3';
import { SlimError } from '../../errors.ts';
import { awsCause, isAwsError } from '../aws-cause.ts';
import type { Call } from '../call.ts';

export interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** Calls S3 about one bucket. What is wrong with the bucket is explained; `region` is that of the function. */
export function toCallBucket(call: Call<S3>, bucket: string, region: string): Call<S3> {
  return async (action, use) => {
    try {
      return await call(action, use);
    } catch (error) {
      throw explainBucket(error, bucket, region);
    }
  };
}

/** What S3 answered, also to HEAD, which has no body that names it; null where it is no answer. */
export function statusOf(error: unknown): number | null {
  const cause = awsCause(error);
  const metadata =
    cause && '$metadata' in cause ? (cause.$metadata as { readonly httpStatusCode?: number }) : undefined;
  return metadata?.httpStatusCode ?? null;
}

/** Null where the caller has no right to it. */
export async function orNullIfDenied<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (statusOf(error) === 403) return null;
    throw error;
  }
}

/** Lambda reads code only from a bucket of its own region, so that following S3 to another one would not help. */
function explainBucket(error: unknown, bucket: string, region: string): unknown {
  const options = { cause: awsCause(error) };
  if (isAwsError(error, 'NoSuchBucket')) return new SlimError('BUCKET_MISSING', [bucket], options);
  const [status, named] = [statusOf(error), regionOf(options.cause)];
  const isElsewhere = status === 301 || (status === 400 && named !== null && named !== region);
  return isElsewhere ? new SlimError('BUCKET_REGION', [bucket, region, named], options) : error;
}

/** S3 names the region of a bucket in a header, or in the words of the error. */
function regionOf(cause: Error | null): string | null {
  if (!cause) return null;
  const headers =
    '$response' in cause
      ? (cause.$response as { readonly headers?: Readonly<Record<string, string>> } | undefined)?.headers
      : undefined;
  return headers?.['x-amz-bucket-region'] ?? /expecting '([\w-]+)'/.exec(cause.message)?.[1] ?? null;
}
