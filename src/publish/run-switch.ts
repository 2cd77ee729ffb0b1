import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationChanges, DeployedConfiguration } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import type { Switch, WantedLayer } from '../publish-types.ts';
import { isSameLatest } from './is-same-latest.ts';
import { sourceOf } from './run-upload.ts';
import { type Half, takeBack } from './take-back.ts';
import { functionArn, type RunStep, type World } from './world.ts';

/** Changes code and configuration of `$LATEST`. Once begun it is finished or taken back, also after Ctrl-C. */
export const runSwitch: RunStep<'switch'> = async ({ switch: change }, world) => {
  const { guard, plan, progress } = world;
  const name = plan.settings.functionName;
  progress.start(`Updating ${name}`);
  const latest = await guard.protect(() => changeAll(change, world));
  progress.done();
  const details = [
    ...(change.code ? ['code'] : []),
    ...Object.keys(change.configuration),
    ...(change.layers ? ['layers'] : []),
  ];
  return {
    world: { ...world, latest },
    item: {
      what: 'function',
      name,
      outcome: 'updated',
      where: functionArn({ ...world, latest }),
      bytes: change.code?.via.kind === 'direct' ? change.code.package.zippedBytes : null,
      detail: details.join(', '),
    },
  };
};

/** Throws `PUBLISHED_MEANWHILE` where somebody else has put another thing there by the end. */
async function changeAll(change: Switch, world: World): Promise<DeployedConfiguration> {
  await refuseChanged(world);
  const changes = changesOf(change, world);
  const halves = halvesOf(change, changes);
  let latest: DeployedConfiguration | null = null;
  for (const half of halves) {
    try {
      latest = await changeHalf(half, change, changes, world);
    } catch (error) {
      throw halves.length === 1 ? error : await takeBack(halves, changes, error, world);
    }
  }
  if (latest === null || !isAsPlanned(latest, world))
    throw new SlimError('PUBLISHED_MEANWHILE', [world.plan.settings.functionName]);
  return latest;
}

/**
 * Variables and layers are sent as whole lists, and sending archives takes minutes: what somebody else has changed since the plan was
 * made would be lost. Throws `PUBLISHED_MEANWHILE`.
 */
async function refuseChanged({ account, plan, state }: World): Promise<void> {
  const name = plan.settings.functionName;
  const found = await account.lambda.readFunction(name);
  if (!isSameLatest(found?.configuration, state.fn?.configuration))
    throw new SlimError('PUBLISHED_MEANWHILE', [name]);
}

function isAsPlanned({ codeSha256, layers }: DeployedConfiguration, world: World): boolean {
  const { plan } = world;
  const arns = layers.map(({ arn }) => arn);
  return (
    codeSha256 === plan.release.code.codeSha256 && isDeepStrictEqual(arns, plan.layers.map(arnOf(world)))
  );
}

function halvesOf({ order, code }: Switch, changes: ConfigurationChanges): readonly Half[] {
  const halves: readonly Half[] =
    order === 'code-first' ? ['code', 'configuration'] : ['configuration', 'code'];
  return halves.filter(half => (half === 'code' ? code !== null : Object.keys(changes).length > 0));
}

async function changeHalf(
  half: Half,
  { code }: Switch,
  changes: ConfigurationChanges,
  world: World,
): Promise<DeployedConfiguration> {
  const { lambda } = world.account;
  const { functionName: name, arch } = world.plan.settings;
  if (half === 'code' && code) await lambda.updateCode(name, sourceOf(code, world), arch);
  else await lambda.updateConfiguration(name, changes);
  return lambda.waitUntilReady(name);
}

function changesOf({ configuration, layers }: Switch, world: World): ConfigurationChanges {
  return layers === null ? configuration : { ...configuration, layers: layers.map(arnOf(world)) };
}

/** ARN of a layer that is there by now. */
export function arnOf(world: World): (layer: WantedLayer) => string {
  return layer => {
    const arn = layer.kind === 'new' ? world.layers.get(layer.part.name) : layer.arn;
    if (arn === undefined) throw new Error('layers are made before they are attached');
    return arn;
  };
}
