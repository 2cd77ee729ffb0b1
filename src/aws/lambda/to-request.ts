import type { Architecture, Runtime, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import type { Arch } from '../../types.ts';
import type { ConfigurationChanges } from '../types.ts';

type Settings = Omit<UpdateFunctionConfigurationRequest, 'FunctionName'>;

/** The fields of a call that creates or updates; what is not named is left out, so that AWS leaves it as it is. */
export function toSettings(changes: ConfigurationChanges): Settings {
  const { environment, tmpMiB, vpc } = changes;
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
    VpcConfig: vpc && { SubnetIds: [...vpc.subnetIds], SecurityGroupIds: [...vpc.securityGroupIds] },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Settings;
}

/** The API's word for it. */
export function toArchitecture(arch: Arch): Architecture {
  return arch === 'arm64' ? 'arm64' : 'x86_64';
}

/** The SDK names the runtimes it knew when it was made; which of them there are is AWS's to say. */
export function toRuntime(id: string): Runtime {
  return id as Runtime;
}
