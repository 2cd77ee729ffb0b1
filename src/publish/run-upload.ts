import type { CodeSource } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import type { Delivery } from '../publish-types.ts';
import type { RunStep, World } from './world.ts';

/** Uploads an archive into the bucket. */
export const runUpload: RunStep<'upload'> = async ({ delivery }, world) => {
  const { via, package: archive } = delivery;
  if (via.kind !== 'bucket') throw new Error('only what goes through a bucket is uploaded');
  const { path, sha256, zippedBytes } = archive;
  const { objects } = world.account;
  world.progress.start(`Uploading ${via.key}`, zippedBytes);
  const onBytes = (bytes: number): void => world.progress.tick(bytes);
  const object = await objects.upload(via.bucket, via.key, path, { sha256, onBytes });
  world.progress.done();
  const source: CodeSource = { kind: 'object', object, storage: via.storage };
  return {
    world: { ...world, uploaded: new Map([...world.uploaded, [sha256, source]]) },
    item: {
      what: 'object',
      name: via.key,
      outcome: 'sent',
      where: `s3://${via.bucket}/${via.key}`,
      bytes: zippedBytes,
      detail: null,
    },
  };
};

/** Where AWS takes an archive from. Throws `BUCKET_UNVERSIONED` where it is to stay in a bucket that keeps no versions. */
export function sourceOf(
  { via, package: archive }: Delivery,
  { uploaded }: Pick<World, 'uploaded'>,
): CodeSource {
  if (via.kind === 'direct') return { kind: 'file', path: archive.path };
  const source = via.found ?? uploaded.get(archive.sha256);
  if (source === undefined) throw new Error('an archive is uploaded before it is used');
  if (source.kind === 'object' && source.storage === 'reference' && source.object.version === null)
    throw new SlimError('BUCKET_UNVERSIONED', [via.bucket]);
  return source;
}
