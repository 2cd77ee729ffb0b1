import { rest } from '../../aws/ask-again.ts';
import type { CopyState, CopyWanted } from '../../aws/types.ts';
import { SlimError } from '../../errors.ts';
import type { EfsSettings, PublishStep } from '../../publish-types.ts';
import type { RunStep, World } from '../world.ts';

const LOOKS_PER_POLL = 20;
/** DataSync needs minutes to begin, and hours for much. */
const MOST_MS = 6 * 3_600_000;

/** Lets DataSync copy the tree, and follows it. Nobody reads it before the function is told of it. */
export const runCopy: RunStep<'copy'> = async (step, world) => {
  const { account, plan, progress } = world;
  const { efs } = plan.settings;
  if (efs === null) throw new Error('only a release for a file system is copied');
  progress.start('Copying by DataSync');
  const execution = await account.dataSync.start(wantedOf(step, efs));
  const { doneBytes } = await followCopy(execution, world);
  progress.done();
  return {
    world,
    item: {
      ...{ what: 'release', name: efs.bundle.release.slice(0, 12), outcome: 'created', where: efs.root },
      ...{ bytes: null, detail: `${efs.bundle.files} files, ${doneBytes} bytes written by DataSync` },
    },
  };
};

/** Access points have their own root, so paths are those below the mount. */
function wantedOf(
  { subnetId, securityGroupIds, fileSystemId }: Extract<PublishStep, { readonly kind: 'copy' }>,
  { bundle, bucket, prefix, accessPoint, copyRole, root, mount }: EfsSettings,
): CopyWanted {
  const below = `releases/${bundle.release}`;
  return {
    ...{ subnetId, securityGroupIds, fileSystemId, accessPoint, bucket },
    name: `lambda-slim ${bundle.release.slice(0, 32)} ${accessPoint.split('/').at(-1)}`,
    prefix: prefix === '' ? below : `${prefix}/${below}`,
    bucketRole: copyRole ?? '',
    folder: root.slice(mount.length),
  };
}

async function followCopy(execution: string, { account, progress }: World): Promise<CopyState> {
  const { pollMs, signal } = account.patience;
  const until = performance.now() + MOST_MS;
  for (let told = 0; ; ) {
    const now = await account.dataSync.read(execution);
    progress.tick(now.doneBytes - told);
    told = now.doneBytes;
    if (now.state === 'done') return now;
    if (now.state === 'failed' || performance.now() > until)
      throw new SlimError('EFS_COPY_FAILED', [now.status, now.reason ?? 'AWS gives no reason', execution]);
    await rest(LOOKS_PER_POLL * pollMs, signal);
  }
}
