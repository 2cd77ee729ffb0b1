import type { CodeSource, ConfigurationChanges, DeployedConfiguration } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import type { Switch, WantedLayer } from '../publish-types.ts';
import { sourceOf } from './run-upload.ts';
import { functionArn, type RunStep, type World } from './world.ts';

type Half = 'code' | 'configuration';

/** Changes code and configuration of `$LATEST`. Once begun it is finished or taken back, also after Ctrl-C. */
export const runSwitch: RunStep<'switch'> = async ({ switch: change }, world) => {
  const { guard, plan } = world;
  const latest = await guard.protect(() => changeBoth(change, world));
  const details = [
    ...(change.code ? ['code'] : []),
    ...Object.keys(change.configuration),
    ...(change.layers ? ['layers'] : []),
  ];
  return {
    world: { ...world, latest },
    item: {
      what: 'function',
      name: plan.settings.functionName,
      outcome: 'updated',
      where: functionArn({ ...world, latest }),
      bytes: change.code?.via.kind === 'direct' ? change.code.package.zippedBytes : null,
      detail: details.join(', '),
    },
  };
};

async function changeBoth(change: Switch, world: World): Promise<DeployedConfiguration> {
  const halves: readonly Half[] =
    change.order === 'code-first' ? ['code', 'configuration'] : ['configuration', 'code'];
  const [first, second] = halves.filter(half => isChanged(half, change));
  if (first === undefined) throw new Error('a switch changes something');
  let latest = await changeHalf(first, change, world);
  if (second === undefined) return latest;
  try {
    latest = await changeHalf(second, change, world);
  } catch (error) {
    throw await takeBack(first, error, world);
  }
  return latest;
}

function isChanged(half: Half, { code, configuration, layers }: Switch): boolean {
  return half === 'code' ? code !== null : layers !== null || Object.keys(configuration).length > 0;
}

async function changeHalf(half: Half, change: Switch, world: World): Promise<DeployedConfiguration> {
  const { lambda } = world.account;
  const { functionName: name, arch } = world.plan.settings;
  if (half === 'code' && change.code) await lambda.updateCode(name, sourceOf(change.code, world), arch);
  else await lambda.updateConfiguration(name, changesOf(change, world));
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

/** Puts the first half back, so that code and layers belong together again; the error says how that went. */
async function takeBack(first: Half, error: unknown, world: World): Promise<SlimError> {
  const reason = error instanceof Error ? error.message : String(error);
  const { functionName: name } = world.plan.settings;
  try {
    await putBack(first, world);
  } catch (failure) {
    const text = `${reason} (${failure instanceof Error ? failure.message : String(failure)})`;
    return new SlimError('SWITCH_HALF_DONE', [name, first, text], { cause: failure });
  }
  return new SlimError('SWITCH_UNDONE', [name, reason], { cause: error });
}

async function putBack(half: Half, { account, plan, state }: World): Promise<void> {
  const { lambda } = account;
  const { functionName: name } = plan.settings;
  const before = state.fn?.configuration;
  if (!before) throw new Error('nothing is known of what was there');
  if (half === 'configuration') await lambda.updateConfiguration(name, previous(before));
  else await lambda.updateCode(name, oldCode(state.sizes?.codePath ?? null), before.arch);
  await lambda.waitUntilReady(name);
}

function oldCode(path: string | null): CodeSource {
  if (path === null) throw new Error('the code that was there could not be kept');
  return { kind: 'file', path };
}

function previous(before: DeployedConfiguration): ConfigurationChanges {
  const { runtime, handler, role, description, memoryMiB, timeoutSeconds, tmpMiB, environment, vpc } = before;
  return {
    ...(runtime === null ? {} : { runtime }),
    ...(handler === null ? {} : { handler }),
    ...(environment === null ? {} : { environment }),
    ...(vpc === null ? {} : { vpc }),
    role,
    description,
    memoryMiB,
    timeoutSeconds,
    tmpMiB,
    layers: before.layers.map(({ arn }) => arn),
  };
}
