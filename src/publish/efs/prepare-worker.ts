import type { VpcSettings } from '../../aws/types.ts';
import { SlimError } from '../../errors.ts';
import type { EfsSettings } from '../../publish-types.ts';
import { planPublish } from '../plan-publish.ts';
import { readState } from '../read-state.ts';
import type { EfsState } from '../types.ts';
import type { EfsQuestion } from './read-efs.ts';
import { WORKER_TAG, workerSettings } from './worker-settings.ts';

/** Stands for the role that is made on the way. */
const LATER = 'arn:aws:iam::000000000000:role/made-on-the-way';

/** What has to be done so that the function that syncs is as it should be. Throws `EFS_NAME_TAKEN` where it is somebody else's. */
export async function prepareWorker(
  { account, fn, settings, worker: code, role: wanted }: EfsQuestion,
  efs: EfsSettings,
  vpc: VpcSettings,
): Promise<EfsState['worker']> {
  if (code === null) throw new Error('the function that syncs is built before');
  const release = { code, layers: [] };
  const found = await account.lambda.readFunction(efs.syncFunction);
  if (found?.tags && found.tags[WORKER_TAG] === undefined)
    throw new SlimError('EFS_NAME_TAKEN', [efs.syncFunction]);
  const role = wanted ?? fn?.configuration.role ?? LATER;
  const own = workerSettings(settings, efs, { vpc, role });
  const state = { ...(await readState(account, found, release, own)), role };
  return { plan: planPublish({ state, release, settings: own, region: account.region }), state };
}
