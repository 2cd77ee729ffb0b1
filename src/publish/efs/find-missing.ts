import type { ObjectsApi } from '../../aws/types.ts';
import type { BundleObject, EfsSettings } from '../../publish-types.ts';
import { mapPool } from '../../util/pool.ts';

const AT_ONCE = 16;

/** Objects of the bundle that S3 lacks. What proves that all are there is asked for first, and is then enough. */
export async function findMissing(objects: ObjectsApi, efs: EfsSettings): Promise<readonly BundleObject[]> {
  const { bucket, bundle } = efs;
  const isThere = async (object: BundleObject): Promise<boolean> =>
    (await objects.find(bucket, keyIn(efs, object), object)) !== null;
  const proof = bundle.objects.at(-1);
  // Chunks may be cleared away by a rule of the bucket, whole trees are not.
  if (efs.via !== 'sync' && proof && (await isThere(proof))) return [];
  const found = await mapPool(bundle.objects, AT_ONCE, async object =>
    (await isThere(object)) ? [] : [object],
  );
  return found.flat();
}

/** Where an object lies in the bucket. */
export function keyIn({ prefix }: Pick<EfsSettings, 'prefix'>, { key }: Pick<BundleObject, 'key'>): string {
  return prefix === '' ? key : `${prefix}/${key}`;
}
