import type {
  Account,
  DeployedConfiguration,
  DeployedFunction,
  EfsMount,
  VpcSettings,
} from '../../aws/types.ts';
import { ROOT_VARIABLE } from '../../bundle/run-environment.ts';
import { SlimError } from '../../errors.ts';
import type { EfsSettings, Package, PublishSettings } from '../../publish-types.ts';
import type { Context } from '../../types.ts';
import type { EfsState } from '../types.ts';
import { findMissing } from './find-missing.ts';
import { lookIntoStore } from './look-into-store.ts';
import { prepareWorker } from './prepare-worker.ts';
import { listReleasesInUse } from './releases-in-use.ts';

export interface EfsQuestion {
  readonly account: Account;
  readonly fn: DeployedFunction | null;
  readonly settings: PublishSettings;
  readonly context: Pick<Context, 'signal'>;
  /** Zip of the function that syncs. */
  readonly worker: Package | null;
  /** ARN that the settings mean, where the function has another or is not there. */
  readonly role: string | null;
}

/** Looks at the file system, at the function that syncs, and at what the bucket has; nothing is changed. Throws `EFS_*`. */
export async function readEfs(question: EfsQuestion): Promise<EfsState> {
  const { account, fn, settings } = question;
  const { efs } = settings;
  if (efs === null) throw new Error('only asked for with the target efs');
  const mount = await readMount(account, efs);
  const vpc = chooseVpc(settings, fn, mount);
  const worker = efs.via === 'sync' ? await prepareWorker(question, efs, vpc) : null;
  const [isThere, protect] = await Promise.all([
    efs.via === 'sync' ? isSynced(account, efs, worker) : isMounted(fn?.configuration ?? null, efs),
    fn && efs.via === 'sync' ? listReleasesInUse(account.lambda, fn, efs.store) : [],
  ]);
  const missing = isThere ? [] : await findMissing(account.objects, efs);
  return { mount, vpc, worker, isThere, missing, protect };
}

/** Null where the caller may not look. Throws where nothing could be mounted. */
async function readMount({ efs: api, region }: Account, efs: EfsSettings): Promise<EfsMount | null> {
  const lies = efs.accessPoint.split(':')[3];
  if (lies !== region)
    throw new SlimError('PUBLISH_SETTING', [
      [`the access point lies in ${lies}, and the function in ${region}`],
    ]);
  if (efs.via === 's3files') return null;
  const mount = await api.inspect(efs.accessPoint).catch((error: unknown) => {
    if (error instanceof SlimError && error.code === 'AWS_DENIED') return undefined;
    throw error;
  });
  if (mount === undefined) return null;
  if (mount === null || !mount.accessPoint.isAvailable)
    throw new SlimError('EFS_ACCESS_POINT', [efs.accessPoint, mount !== null]);
  if (!mount.targets.some(({ isAvailable }) => isAvailable))
    throw new SlimError('EFS_NO_TARGET', [mount.accessPoint.fileSystemId]);
  return mount;
}

/** That of the settings, else the one that the function is in. */
function chooseVpc(
  { vpc, functionName }: PublishSettings,
  fn: DeployedFunction | null,
  mount: EfsMount | null,
): VpcSettings {
  const chosen = vpc ?? fn?.configuration.vpc ?? null;
  const subnets = (mount?.targets ?? []).map(({ subnetId, zone }) => `${subnetId} (${zone})`);
  if (chosen === null) throw new SlimError('EFS_VPC_NEEDED', [functionName, subnets]);
  if (fn?.configuration.snapStart) throw new SlimError('EFS_SNAP_START', [functionName]);
  return chosen;
}

/** Only who is asked knows; one that is not there yet, or is to be changed, is asked by the sync itself. */
async function isSynced(account: Account, efs: EfsSettings, worker: EfsState['worker']): Promise<boolean> {
  if (!worker || worker.state.fn === null || worker.plan.steps.length > 0) return false;
  const { releases, current } = await lookIntoStore(account.lambda, efs);
  const { release } = efs.bundle;
  return releases.includes(release) && (efs.follow === 'release' || current === release);
}

/** Others only copy: a function that was published with the release has it. */
function isMounted(configuration: DeployedConfiguration | null, efs: EfsSettings): boolean {
  return (
    configuration?.environment?.[ROOT_VARIABLE] === efs.root &&
    configuration.fileSystem?.arn === efs.accessPoint
  );
}
