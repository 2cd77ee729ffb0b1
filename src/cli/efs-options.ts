import type { InferredOptionTypes } from 'yargs';
import type { VpcSettings } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import { EFS_FOLLOWS, EFS_WAYS, type EfsConfig } from '../publish-config.ts';
import type { PublishConfig, PublishTarget } from '../publish-types.ts';
import { choice, repeated, single } from './options.ts';

/** What only file systems ask for, with --target efs. None has a default here: the config decides. */
export const efsPublishOptions = {
  'access-point': single('ARN of the access point that the function mounts'),
  mount: single('Where the function sees it [default: /mnt/ml]'),
  folder: single('Folder on it for the releases [default: the name of the function]'),
  follow: choice(
    'Pin the function to the release, or let it follow the current one [default: release]',
    EFS_FOLLOWS,
  ),
  via: choice('How the release gets there [default: sync]', EFS_WAYS),
  prefix: single('Of the keys in the bucket [default: lambda-slim/bundles]'),
  'sync-function': single('Name of the function that syncs [default: <function>-efs-sync]'),
  'copy-role': single('With --via datasync: ARN of the role that reads the bucket'),
  subnet: repeated('Subnet of the function; repeatable'),
  'security-group': repeated('Security group of the function; repeatable'),
} as const;

export type EfsArgs = InferredOptionTypes<typeof efsPublishOptions> & {
  readonly sample?: string | undefined;
};

/** The command line over what the config says of the target `efs`. */
export function toEfsConfig(args: EfsArgs, config: EfsConfig | undefined): EfsConfig {
  const given: EfsConfig = {
    accessPoint: args['access-point'],
    mount: args.mount,
    folder: args.folder,
    follow: args.follow,
    via: args.via,
    prefix: args.prefix,
    syncFunction: args['sync-function'],
    copyRole: args['copy-role'],
  };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...config, ...Object.fromEntries(named) };
}

/** A VPC of the command line replaces that of the config as far as it goes. */
export function toVpc(
  { subnet, 'security-group': groups }: EfsArgs,
  config: PublishConfig['vpc'],
): VpcSettings | undefined {
  if (subnet === undefined && groups === undefined) return config;
  return {
    subnetIds: subnet ?? config?.subnetIds ?? [],
    securityGroupIds: groups ?? config?.securityGroupIds ?? [],
  };
}

/** A VPC is of use to every function. */
const FOR_ALL: readonly string[] = ['subnet', 'security-group'];

/** Throws `USAGE` for an option that means nothing for the target. */
export function refuseWithoutEfs(args: EfsArgs, target: PublishTarget): void {
  if (target === 'efs') return;
  const given = new Map(Object.entries(args));
  const names = [...Object.keys(efsPublishOptions), 'sample'].filter(name => !FOR_ALL.includes(name));
  const option = names.find(name => given.get(name) !== undefined);
  if (option === undefined) return;
  const reason = `--${option} is about file systems, and needs --target efs`;
  throw new SlimError('USAGE', [reason, 'lambda-slim publish', null]);
}
