import { runEnvironment } from '../../bundle/run-environment.ts';
import { SlimError } from '../../errors.ts';
import type { EfsSettings, PublishConfig, PublishedBundle } from '../../publish-types.ts';

/** What an artifact is that leaves its packages to a file system. */
export interface EfsSubject {
  readonly bundle: PublishedBundle;
  /** Variables of the target; `{root}` in a value stands for the folder of the release. */
  readonly environment: Readonly<Record<string, string>>;
  readonly sample: string | null;
}

const DEFAULTS = { mount: '/mnt/ml', prefix: 'lambda-slim/bundles', keep: 3 };
/** Lambda takes 64 characters for a name. */
const NAME_CHARACTERS = 64;

/** Where the release is to lie and how it gets there, and the variables that lead the function to it. Throws `EFS_NOT_BUILT`. */
export function resolveEfs(
  { efs: config = {}, bucket }: PublishConfig,
  functionName: string,
  subject: EfsSubject | null,
): { readonly settings: EfsSettings; readonly environment: Readonly<Record<string, string>> } {
  if (subject === null) throw new SlimError('EFS_NOT_BUILT', []);
  const { bundle, sample } = subject;
  const mount = config.mount ?? DEFAULTS.mount;
  const { via = 'sync', follow = 'release' } = config;
  const folder = config.folder ?? functionName;
  // With S3 Files keys are paths: those below what its access point leads to.
  const usual = via === 's3files' ? folder : DEFAULTS.prefix;
  const prefix = (config.prefix ?? usual).replace(/^\/+|\/+$/g, '');
  const store = `${mount}/${folder}`;
  const root = follow === 'current' ? `${store}/current` : `${store}/releases/${bundle.release}`;
  const syncFunction = config.syncFunction ?? `${functionName.slice(0, NAME_CHARACTERS - 9)}-efs-sync`;
  const settings: EfsSettings = {
    ...{ mount, store, root, follow, via, prefix, bundle, sample, syncFunction },
    accessPoint: config.accessPoint ?? '',
    bucket: config.bucket ?? bucket ?? '',
    keep: config.keep ?? DEFAULTS.keep,
    copyRole: config.copyRole ?? null,
  };
  return { settings, environment: runEnvironment(subject.environment, root) };
}
