import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { DeployedConfiguration } from '../types.ts';
import { findFailure } from './wait-until-settled.ts';

/** In our words what the API says; what it leaves out is Lambda's default. */
export function toDeployed(found: FunctionConfiguration): DeployedConfiguration {
  return {
    name: found.FunctionName ?? '',
    arn: withoutQualifier(found.FunctionArn ?? ''),
    version: found.Version ?? '$LATEST',
    codeSha256: found.CodeSha256 ?? '',
    codeBytes: found.CodeSize ?? 0,
    packageType: found.PackageType ?? 'Zip',
    runtime: found.Runtime ?? null,
    handler: found.Handler ?? null,
    arch: found.Architectures?.[0] === 'arm64' ? 'arm64' : 'x64',
    role: found.Role ?? '',
    description: found.Description ?? '',
    memoryMiB: found.MemorySize ?? 128,
    timeoutSeconds: found.Timeout ?? 3,
    tmpMiB: found.EphemeralStorage?.Size ?? 512,
    environment: readVariables(found),
    layers: (found.Layers ?? []).map(({ Arn, CodeSize }) => ({ arn: Arn ?? '', codeBytes: CodeSize ?? 0 })),
    vpc: readVpc(found),
    vpcId: found.VpcConfig?.VpcId || null,
    fileSystem: readFileSystem(found),
    snapStart: found.SnapStart?.ApplyOn === 'PublishedVersions',
    revisionId: found.RevisionId ?? '',
    failure: findFailure(found),
  };
}

/** `arn:<partition>:lambda:<region>:<account>:function:<name>[:<qualifier>]`. */
function withoutQualifier(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

/** Where KMS refuses, the API gives an error in place of the variables. */
function readVariables({ Environment }: FunctionConfiguration): DeployedConfiguration['environment'] {
  return Environment?.Error ? null : (Environment?.Variables ?? {});
}

/** A function that has left its VPC has empty lists. */
function readVpc({ VpcConfig }: FunctionConfiguration): DeployedConfiguration['vpc'] {
  const { SubnetIds: subnetIds = [], SecurityGroupIds: securityGroupIds = [] } = VpcConfig ?? {};
  return subnetIds.length > 0 ? { subnetIds, securityGroupIds } : null;
}

function readFileSystem({ FileSystemConfigs }: FunctionConfiguration): DeployedConfiguration['fileSystem'] {
  const [first] = FileSystemConfigs ?? [];
  return first ? { arn: first.Arn ?? '', mount: first.LocalMountPath ?? '' } : null;
}
