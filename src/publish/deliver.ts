import type { CodeSource, ObjectRef } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import type { Delivery, Package, PublishSettings } from '../publish-types.ts';

/** Key of an archive in the bucket: equal bytes are never sent twice. */
export function keyOf({ sha256 }: Pick<Package, 'sha256'>): string {
  return `lambda-slim/${sha256}.zip`;
}

/** Whether an archive has to go through S3: above Lambda's own limit, or to be left there. Throws `BUCKET_NEEDED` where none is set. */
export function goesThroughBucket(
  { zippedBytes, path }: Package,
  { bucket, storage }: Pick<PublishSettings, 'bucket' | 'storage'>,
): boolean {
  if (zippedBytes <= limits.zippedBytes && storage === 'copy') return false;
  if (bucket === null) throw new SlimError('BUCKET_NEEDED', [path, zippedBytes, limits.zippedBytes]);
  return true;
}

/** How an archive gets to AWS. */
export function deliver(
  archive: Package,
  settings: Pick<PublishSettings, 'bucket' | 'storage'>,
  objects: ReadonlyMap<string, ObjectRef>,
): Delivery {
  if (!goesThroughBucket(archive, settings) || settings.bucket === null)
    return { package: archive, via: { kind: 'direct' } };
  const { bucket, storage } = settings;
  const object = objects.get(archive.sha256);
  const found: CodeSource | null = object ? { kind: 'object', object, storage } : null;
  return { package: archive, via: { kind: 'bucket', bucket, key: keyOf(archive), storage, found } };
}
