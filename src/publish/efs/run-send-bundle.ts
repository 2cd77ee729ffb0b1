import { SlimError } from '../../errors.ts';
import { mapPool } from '../../util/pool.ts';
import type { RunStep } from '../world.ts';
import { keyIn } from './find-missing.ts';

const AT_ONCE = 4;

/** Sends what S3 lacks of the bundle; what proves that all is there goes last. */
export const runSendBundle: RunStep<'send-bundle'> = async ({ objects }, world) => {
  const { account, plan, progress } = world;
  const { efs } = plan.settings;
  if (efs === null) throw new Error('a bundle is only sent for a file system');
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  const proof = efs.bundle.objects.at(-1);
  const onBytes = (count: number): void => progress.tick(count);
  progress.start('Sending the bundle', bytes);
  const send = async (object: (typeof objects)[number]): Promise<void> => {
    const { path, sha256 } = object;
    if (world.guard.isAsked()) throw new SlimError('CANCELLED', []);
    await account.objects.upload(efs.bucket, keyIn(efs, object), path, { sha256, onBytes });
  };
  await mapPool(
    objects.filter(({ key }) => key !== proof?.key),
    AT_ONCE,
    send,
  );
  for (const object of objects.filter(({ key }) => key === proof?.key)) await send(object);
  progress.done();
  const detail = `${objects.length} of ${efs.bundle.objects.length} objects`;
  return {
    world,
    item: {
      ...{ what: 'bundle', name: efs.bundle.release.slice(0, 12), outcome: 'sent' },
      ...{ where: `s3://${efs.bucket}/${efs.prefix}`, bytes, detail },
    },
  };
};
