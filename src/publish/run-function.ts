import { SlimError } from '../errors.ts';
import { wantedConfiguration } from './diff-configuration.ts';
import { LAYERS_TAG, layersDigest } from './layer-names.ts';
import { arnOf } from './run-switch.ts';
import { sourceOf } from './run-upload.ts';
import { functionArn, type RunStep, type World } from './world.ts';

/** What a new function gets where the settings are silent: Lambda's own 128 MiB and 3 s load no model. */
const DEFAULTS = { memoryMiB: 1024, timeoutSeconds: 30 };

/** Creates the execution role, or completes one that was left half-way. */
export const runCreateRole: RunStep<'create-role'> = async ({ name }, world) => {
  const { functionName, vpc, efs } = world.plan.settings;
  const syncFunction = efs?.via === 'sync' ? efs.syncFunction : null;
  const needs = {
    functionName,
    vpc: vpc !== null,
    accessPoint: efs?.accessPoint ?? null,
    bundle: efs && { syncFunction, bucket: efs.bucket, prefix: efs.prefix },
  };
  const arn = await world.account.roles.create(name, needs);
  const outcome = world.state.role === arn ? 'unchanged' : 'created';
  return {
    world: { ...world, role: arn },
    item: { what: 'role', name, outcome, where: arn, bytes: null, detail: null },
  };
};

/** Makes a version of a layer. */
export const runPublishLayer: RunStep<'publish-layer'> = async ({ part, delivery }, world) => {
  const { runtime, arch } = world.plan.settings;
  const { name, description, license, zippedBytes } = part;
  const isDirect = delivery.via.kind === 'direct';
  world.progress.start(`Publishing layer ${name}`);
  const made = await world.account.lambda.publishLayer({
    name,
    description,
    license,
    runtimes: [runtime],
    archs: [arch],
    code: sourceOf(delivery, world),
  });
  world.progress.done();
  return {
    world: { ...world, layers: new Map([...world.layers, [name, made.arn]]) },
    item: {
      what: 'layer',
      name,
      outcome: 'created',
      where: made.arn,
      bytes: isDirect ? zippedBytes : null,
      detail: null,
    },
  };
};

/** Creates the function, with its layers. */
export const runCreateFunction: RunStep<'create-function'> = async ({ delivery }, world) => {
  const { account, plan, role } = world;
  const { settings } = plan;
  const name = settings.functionName;
  if (role === null) throw new Error('a function is made with a role');
  world.progress.start(`Creating ${name}`);
  await account.lambda.createFunction({
    ...DEFAULTS,
    ...wantedConfiguration(settings, null, role),
    role,
    name,
    arch: settings.arch,
    layers: plan.layers.map(arnOf(world)),
    tags: settings.tags,
    code: sourceOf(delivery, world),
  });
  const latest = await account.lambda.waitUntilReady(name);
  world.progress.done();
  return {
    world: { ...world, latest },
    item: {
      what: 'function',
      name,
      outcome: 'created',
      where: latest.arn,
      bytes: delivery.via.kind === 'direct' ? delivery.package.zippedBytes : null,
      detail: null,
    },
  };
};

/** Sets tags; the one that proves our layers among them. */
export const runTag: RunStep<'tag'> = async ({ tags }, world) => {
  // Who may not read tags has no use for it.
  const proof = world.state.fn?.tags === null ? null : proveLayers(world);
  const all = { ...tags, ...(proof === null ? {} : { [LAYERS_TAG]: proof }) };
  const item = { what: 'tags', name: world.plan.settings.functionName, where: null, bytes: null };
  try {
    await world.account.lambda.tag(functionArn(world), all);
  } catch (error) {
    const isNeeded = Object.keys(tags).some(key => key !== LAYERS_TAG);
    if (isNeeded || !(error instanceof SlimError) || error.code !== 'AWS_DENIED') throw error;
    const detail = 'no right to lambda:TagResource, so the next publish asks for each layer';
    return { world, item: { ...item, outcome: 'unchanged', detail } };
  }
  return { world, item: { ...item, outcome: 'updated', detail: Object.keys(all).join(', ') } };
};

function proveLayers(world: World): string | null {
  const toArn = arnOf(world);
  const ours = world.plan.layers.flatMap(layer =>
    layer.kind === 'foreign' ? [] : [{ arn: toArn(layer), part: layer.part }],
  );
  return ours.length === 0 ? null : layersDigest(ours);
}
