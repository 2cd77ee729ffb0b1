import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationChanges, DeployedConfiguration, VpcSettings } from '../aws/types.ts';
import { ROOT_VARIABLE } from '../bundle/run-environment.ts';
import type { PublishSettings } from '../publish-types.ts';

type Changes = Omit<ConfigurationChanges, 'layers'>;
type Environment = Readonly<Record<string, string>>;

/** What the settings want of a function that is there, and it has otherwise. `role` is the ARN that they mean. */
export function diffConfiguration(
  deployed: DeployedConfiguration,
  settings: PublishSettings,
  role: string | null,
): Changes {
  const wanted = wantedConfiguration(settings, deployed.environment, role);
  const changed = Object.entries(wanted).filter(
    ([key, value]) => !isSame(value, deployed[key as keyof DeployedConfiguration]),
  );
  return Object.fromEntries(changed);
}

/** What the settings say of a function; what they leave open is not in it. `present` are the variables that it has. */
export function wantedConfiguration(
  settings: PublishSettings,
  present: Environment | null,
  role: string | null,
): Changes & { readonly runtime: string; readonly handler: string } {
  const { runtime, handler, description, memoryMiB, timeoutSeconds, tmpMiB, vpc, efs } = settings;
  const environment = wantedEnvironment(settings, present);
  return {
    runtime,
    handler,
    ...(role === null ? {} : { role }),
    ...(description === null ? {} : { description }),
    ...(memoryMiB === null ? {} : { memoryMiB }),
    ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
    ...(tmpMiB === null ? {} : { tmpMiB }),
    ...(environment === null ? {} : { environment }),
    ...(vpc === null ? {} : { vpc }),
    ...(efs === null ? {} : { fileSystem: { arn: efs.accessPoint, mount: efs.mount } }),
  };
}

/**
 * The variables of the settings, beside those that the function has. Those that only layers or a file system need go again with
 * them, unless somebody gave them another value. Null where there is nothing to say.
 */
export function wantedEnvironment(
  settings: PublishSettings,
  present: Environment | null,
): Environment | null {
  const { environment, layers, target, efs } = settings;
  const wanted = target === 'layer' ? { ...environment, ...layers.environment } : environment;
  const root = efs === null ? present?.[ROOT_VARIABLE] : undefined;
  const isIdle = ([name, value]: readonly [string, string]): boolean =>
    !(name in environment) &&
    ((target !== 'layer' && layers.environment[name] === value) ||
      (root !== undefined && isBelow(value, root)));
  const kept = Object.entries(present ?? {}).filter(entry => !isIdle(entry));
  const all = { ...Object.fromEntries(kept), ...wanted };
  return Object.keys(all).length === 0 && Object.keys(present ?? {}).length === 0 ? null : all;
}

function isBelow(value: string, root: string): boolean {
  const folder = root.replace(/\/+$/, '');
  return value.replace(/\/+$/, '') === folder || value.startsWith(`${folder}/`);
}

function isSame(wanted: unknown, deployed: unknown): boolean {
  if (isVpc(wanted) && isVpc(deployed)) return isDeepStrictEqual(sorted(wanted), sorted(deployed));
  return isDeepStrictEqual(wanted, deployed);
}

function isVpc(value: unknown): value is VpcSettings {
  return typeof value === 'object' && value !== null && 'subnetIds' in value;
}

function sorted({ subnetIds, securityGroupIds }: VpcSettings): VpcSettings {
  return { subnetIds: [...subnetIds].sort(), securityGroupIds: [...securityGroupIds].sort() };
}
