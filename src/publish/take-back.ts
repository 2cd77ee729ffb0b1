import { isDeepStrictEqual } from 'node:util';
import type { CodeSource, ConfigurationChanges, DeployedConfiguration } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { keyOf } from './deliver.ts';
import type { World } from './world.ts';

/** What one call of a switch changes. */
export type Half = 'code' | 'configuration';

/**
 * Sees to it that code and layers belong together after one of `halves`, which follow each other, has failed: what was changed is
 * put back, the last first. Gives the error that tells how it went.
 */
export async function takeBack(
  halves: readonly Half[],
  changes: ConfigurationChanges,
  error: unknown,
  world: World,
): Promise<unknown> {
  const name = world.plan.settings.functionName;
  const reason = messageOf(error);
  try {
    const before = world.state.fn?.configuration;
    const now = (await world.account.lambda.readFunction(name))?.configuration;
    if (!before || !now) return error;
    const changed = halves.filter(half => isChanged(half, before, now, changes));
    // All of it may be there, and only the answer that says so got lost.
    const isWhole = changed.length === halves.length && now.failure === null;
    if (changed.length === 0 || isWhole) return error;
    for (const half of changed.toReversed()) await putBack(half, before, changes, world);
  } catch (failure) {
    const text = `${reason} (${messageOf(failure)})`;
    return new SlimError('SWITCH_HALF_DONE', [name, halves[0] ?? 'code', text], { cause: failure });
  }
  return new SlimError('SWITCH_UNDONE', [name, reason], { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isChanged(
  half: Half,
  before: DeployedConfiguration,
  now: DeployedConfiguration,
  changes: ConfigurationChanges,
): boolean {
  return half === 'code'
    ? now.codeSha256 !== before.codeSha256 || now.arch !== before.arch
    : !isDeepStrictEqual(pickBefore(now, changes), pickBefore(before, changes));
}

async function putBack(
  half: Half,
  before: DeployedConfiguration,
  changes: ConfigurationChanges,
  world: World,
): Promise<void> {
  const { lambda } = world.account;
  if (half === 'configuration') await lambda.updateConfiguration(before.name, pickBefore(before, changes));
  else await lambda.updateCode(before.name, await oldCode(before, world), before.arch);
  await lambda.waitUntilReady(before.name);
}

/** What a configuration has of what is changed. */
function pickBefore(before: DeployedConfiguration, changes: ConfigurationChanges): ConfigurationChanges {
  const old = {
    ...before,
    layers: before.layers.map(({ arn }) => arn),
    // Empty ones take a function out of its VPC.
    vpc: before.vpc ?? { subnetIds: [], securityGroupIds: [] },
  };
  return Object.fromEntries(Object.keys(changes).map(key => [key, old[key as keyof ConfigurationChanges]]));
}

/** Through the bucket where it is too large for the call itself. */
async function oldCode({ codeSha256 }: DeployedConfiguration, world: World): Promise<CodeSource> {
  const { account, plan, state } = world;
  const path = state.sizes?.codePath ?? null;
  if (path === null) throw new Error('the code that was there could not be kept');
  const bytes = state.fn?.configuration.codeBytes ?? 0;
  const { bucket } = plan.settings;
  if (bytes <= limits.zippedBytes || bucket === null) return { kind: 'file', path };
  const sha256 = Buffer.from(codeSha256, 'base64').toString('hex');
  const onBytes = (): void => {};
  const object = await account.objects.upload(bucket, keyOf({ sha256 }), path, { sha256, onBytes });
  return { kind: 'object', object, storage: 'copy' };
}
