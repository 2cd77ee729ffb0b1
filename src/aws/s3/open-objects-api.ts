import type { S3 } from '@aws-sdk/client-s3';
import { makeLazyCall } from '../lazy-call.ts';
import { toPatientConfig } from '../patience.ts';
import type { ObjectsApi, Patience } from '../types.ts';
import { toCallBucket } from './call-bucket.ts';
import { findObject } from './find-object.ts';
import { isVersioned } from './is-versioned.ts';
import { uploadObject } from './upload-object.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Objects in S3; `region` is that of the function, and of its buckets. */
export function openObjectsApi(env: Env, region: string, patience: Patience): ObjectsApi {
  const call = makeLazyCall(() => openS3(env, region, patience), patience.signal);
  return {
    find: (bucket, key, expected) =>
      findObject(toCallBucket(call, bucket, region), { bucket, key }, expected),
    isVersioned: bucket => isVersioned(toCallBucket(call, bucket, region), bucket),
    upload: (bucket, key, path, options) =>
      uploadObject(toCallBucket(call, bucket, region), { bucket, key }, path, options),
  };
}

async function openS3(env: Env, region: string, patience: Patience): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3');
  const config = toPatientConfig(env, 'S3', patience);
  // The name of a bucket in front of the name of a host that is not AWS's seldom leads anywhere.
  return new S3({ ...config, region, forcePathStyle: config.endpoint !== undefined });
}
