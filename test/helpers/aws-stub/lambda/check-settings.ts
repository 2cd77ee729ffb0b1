import { Runtime } from '@aws-sdk/client-lambda';
import { limits } from '../../../../src/platform/limits.ts';
import { reservedEnvironment } from '../../../../src/platform/reserved-env.ts';
import type { AccountState } from '../state.ts';
import { check, type Members } from './members.ts';
import { invalid, unsatisfied } from './refusals.ts';
import type { Settings } from './state.ts';

const ROLE = /arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+/;
const MOUNT = /\/mnt\/[a-zA-Z0-9-_.]+/;
const ACCESS_POINT =
  /arn:aws[a-zA-Z-]*:(elasticfilesystem:[a-z0-9-]+:\d{12}:access-point\/fsap-[a-f0-9]{17}|s3files:[a-z0-9-]+:\d{12}:file-system\/fs-[a-f0-9]+\/access-point\/fsap-[a-f0-9]{17})/;
const SNAP_START = /^(java(?!8)|python3\.1[2-9]|dotnet)/;
const RUNTIMES: readonly string[] = Object.values(Runtime);

/** The members of a configuration, each for itself. */
export function checkSettings(members: Members, state: AccountState): void {
  const settings = members as Partial<Settings>;
  check('role', settings.Role, { pattern: ROLE });
  check('handler', settings.Handler, { pattern: /[^\s]+/, max: 128 });
  check('description', settings.Description, { max: 256 });
  check('timeout', settings.Timeout, { min: 1, max: limits.timeoutSeconds });
  check('memorySize', settings.MemorySize, { min: limits.memoryMinMiB, max: limits.memoryMaxMiB });
  check('ephemeralStorage.size', settings.EphemeralStorage?.Size, {
    min: limits.tmpMinMiB,
    max: limits.tmpMaxMiB,
  });
  check('architectures', settings.Architectures, { min: 1, max: 1, values: ['x86_64', 'arm64'] });
  check('packageType', settings.PackageType, { values: ['Zip', 'Image'] });
  check('tracingConfig.mode', settings.TracingConfig?.Mode, { values: ['Active', 'PassThrough'] });
  check('vpcConfig.subnetIds', settings.VpcConfig?.SubnetIds, { max: 16 });
  check('vpcConfig.securityGroupIds', settings.VpcConfig?.SecurityGroupIds, { max: 5 });
  checkRuntime(settings.Runtime, state);
  checkVariables(settings.Environment?.Variables ?? {});
  checkMounts(settings.FileSystemConfigs, state);
}

function checkRuntime(runtime: string | undefined, { behaviour }: AccountState): void {
  if (runtime === undefined) return;
  if (!RUNTIMES.includes(runtime))
    throw invalid(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${RUNTIMES.join(', ')}] or be a valid ARN`,
    );
  if (behaviour.blockedRuntimes.includes(runtime))
    throw invalid(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
}

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const text = JSON.stringify(variables);
  const unable =
    'Lambda was unable to configure your environment variables because the environment variables you have provided';
  for (const [name, value] of Object.entries(variables))
    if (!/^[a-zA-Z]([a-zA-Z0-9_])+$/.test(name) && !reservedEnvironment.has(name))
      throw unsatisfied(
        `{${name}=${value}}`,
        'environment.variables',
        'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+, Member must not be null]',
      );
  const reserved = Object.keys(variables).filter(name => reservedEnvironment.has(name));
  if (reserved.length > 0)
    throw invalid(
      `${unable} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  if (Buffer.byteLength(text) > limits.environmentBytes)
    throw invalid(`${unable} exceeded the 4KB limit. String measured: ${text}`);
}

function checkMounts(mounts: Settings['FileSystemConfigs'], { accessPoints }: AccountState): void {
  check('fileSystemConfigs', mounts, { max: 1 });
  for (const { Arn, LocalMountPath, S3FilesConfig } of mounts ?? []) {
    check('fileSystemConfigs.1.member.arn', Arn, { pattern: ACCESS_POINT, max: 200 });
    check('fileSystemConfigs.1.member.localMountPath', LocalMountPath, {
      pattern: MOUNT,
      max: limits.mountPathCharacters,
    });
    const isS3 = Arn.split(':')[2] === 's3files';
    if (S3FilesConfig && !isS3)
      throw invalid('[stub] S3FilesConfig is valid only with an access point of S3 Files');
    check('fileSystemConfigs.1.member.s3FilesConfig.directS3Read', S3FilesConfig?.DirectS3Read, {
      values: ['AUTO', 'ENABLED', 'DISABLED'],
    });
    if (!isS3 && !accessPoints.has(Arn)) throw invalid(`[stub] there is no access point ${Arn}`);
  }
}

/** What has to fit together, once changes and what was there are one. */
export function checkTogether({ Runtime: runtime, FileSystemConfigs, VpcConfig, SnapStart }: Settings): void {
  const inVpc = (VpcConfig?.SubnetIds?.length ?? 0) > 0;
  if (inVpc !== (VpcConfig?.SecurityGroupIds?.length ?? 0) > 0)
    throw invalid('[stub] a VPC needs subnets and security groups, or neither');
  const [mount] = FileSystemConfigs ?? [];
  if (mount && !inVpc)
    throw invalid(`Function must be configured to execute in a VPC to reference access point ${mount.Arn}`);
  if (SnapStart.ApplyOn === 'PublishedVersions' && mount)
    throw invalid('[stub] SnapStart does not go together with a file system');
  if (SnapStart.ApplyOn === 'PublishedVersions' && !SNAP_START.test(runtime ?? ''))
    throw invalid(`${runtime} is not supported for SnapStart enabled functions.`);
}
