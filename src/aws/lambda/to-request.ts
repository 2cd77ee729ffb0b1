import type {
  Architecture,
  FileSystemConfig,
  Runtime,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import type { Arch } from '../../types.ts';
import type { ConfigurationChanges, FileSystemSettings } from '../types.ts';

type Settings = Omit<UpdateFunctionConfigurationRequest, 'FunctionName'>;

/** The fields of a call that creates or updates; what is not named is left out, so that AWS leaves it as it is. */
export function toSettings(changes: ConfigurationChanges): Settings {
  const { environment, tmpMiB, vpc, fileSystem } = changes;
  const fields = {
    Runtime: changes.runtime && toRuntime(changes.runtime),
    Handler: changes.handler,
    Role: changes.role,
    Description: changes.description,
    MemorySize: changes.memoryMiB,
    Timeout: changes.timeoutSeconds,
    EphemeralStorage: tmpMiB === undefined ? undefined : { Size: tmpMiB },
    Environment: environment && { Variables: { ...environment } },
    Layers: changes.layers && [...changes.layers],
    FileSystemConfigs: fileSystem === undefined ? undefined : fileSystem ? [toMount(fileSystem)] : [],
    VpcConfig: vpc && { SubnetIds: [...vpc.subnetIds], SecurityGroupIds: [...vpc.securityGroupIds] },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Settings;
}

/** S3 Files reads large objects past the mount, where the function has the memory for it; that is for Lambda to choose. */
function toMount({ arn, mount }: FileSystemSettings): FileSystemConfig {
  const isS3 = arn.split(':')[2] === 's3files';
  return { Arn: arn, LocalMountPath: mount, ...(isS3 ? { S3FilesConfig: { DirectS3Read: 'AUTO' } } : {}) };
}

/** The API's word for it. */
export function toArchitecture(arch: Arch): Architecture {
  return arch === 'arm64' ? 'arm64' : 'x86_64';
}

/** The SDK names the runtimes it knew when it was made; which of them there are is AWS's to say. */
export function toRuntime(id: string): Runtime {
  return id as Runtime;
}
