import type { AccountState } from '../state.ts';
import { type Call, Refusal } from '../types.ts';
import type { Bucket, StoredObject, Upload } from './state.ts';

export function findBucket({ params }: Call, { buckets, region }: AccountState): Bucket {
  const bucket = buckets.get(params.Bucket ?? '');
  if (!bucket)
    throw new Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist', {
      BucketName: params.Bucket ?? '',
    });
  if (bucket.region !== region)
    throw new Refusal(
      301,
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { Bucket: bucket.name, Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com` },
    );
  return bucket;
}

export function findObject(call: Call, state: AccountState): StoredObject {
  const versions = findBucket(call, state).objects.get(call.params.Key ?? '') ?? [];
  const id = call.query.get('versionId');
  const found = id === null ? versions.at(-1) : versions.find(({ version }) => version === id);
  if (found) return found;
  if (id !== null && versions.length > 0)
    throw new Refusal(404, 'NoSuchVersion', 'The specified version does not exist.');
  throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.', { Key: call.params.Key ?? '' });
}

export function findUpload(call: Call, state: AccountState): readonly [Bucket, Upload] {
  const bucket = findBucket(call, state);
  const upload = bucket.uploads.get(call.query.get('uploadId') ?? '');
  if (upload && upload.key === call.params.Key) return [bucket, upload];
  throw new Refusal(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );
}
