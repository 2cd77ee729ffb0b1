import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import type { PublishSettings, PublishStep, Release, WantedLayer } from '../publish-types.ts';
import { deliver } from './deliver.ts';
import { diffConfiguration, wantedConfiguration } from './diff-configuration.ts';
import { hasCode } from './has-code.ts';
import { LAYERS_TAG, layersDigest } from './layer-names.ts';
import { orderSwitch, type Sizes } from './order-switch.ts';
import type { AccountState, DeployedSizes } from './types.ts';
import { listForeignLayers, recognizeLayers, wantLayer } from './want-layers.ts';

/** Every layer that the function is to have, those of others first. */
export function planLayers(
  state: AccountState,
  release: Release,
  settings: PublishSettings,
): readonly WantedLayer[] {
  const foreign = listForeignLayers(state.fn, settings).map(arn => ({ kind: 'foreign', arn }) as const);
  const known = recognizeLayers(state.fn, release.layers, settings);
  const ours =
    known ??
    release.layers.map(part => wantLayer(part, state.layers.get(part.name) ?? [], state.fn, settings));
  const count = foreign.length + ours.length;
  if (count > limits.layers) throw new SlimError('TOO_MANY_LAYERS', [count, limits.layers]);
  return [...foreign, ...ours];
}

/** The steps that bring our archives to AWS: objects, then layers. */
export function planSending(
  wanted: readonly WantedLayer[],
  state: AccountState,
  settings: PublishSettings,
): readonly PublishStep[] {
  return wanted.flatMap((layer): readonly PublishStep[] => {
    if (layer.kind !== 'new') return [];
    const delivery = deliver(layer.part, settings, state.objects);
    return [...planUpload(delivery), { kind: 'publish-layer', part: layer.part, delivery }];
  });
}

export function planUpload(delivery: ReturnType<typeof deliver>): readonly PublishStep[] {
  return delivery.via.kind === 'bucket' && delivery.via.found === null ? [{ kind: 'upload', delivery }] : [];
}

/** The change of code and configuration of a function that is there; null where there is none. */
export function planSwitch(
  wanted: readonly WantedLayer[],
  state: AccountState,
  release: Release,
  settings: PublishSettings,
): Extract<PublishStep, { kind: 'switch' }> | null {
  if (state.fn === null) return null;
  const { configuration: deployed } = state.fn;
  const code = hasCode(deployed, release.code, settings)
    ? null
    : deliver(release.code, settings, state.objects);
  // After a failure it is not known what counts, so all is sent again.
  const configuration =
    deployed.failure === null
      ? diffConfiguration(deployed, settings, state.role)
      : wantedConfiguration(settings, deployed.environment, state.role);
  const layers = isAttached(wanted, deployed.layers) ? null : wanted;
  if (code === null && layers === null && Object.keys(configuration).length === 0) return null;
  // The code that was there is only at hand where it was measured.
  const order =
    code && layers && state.sizes ? chooseOrder(state.sizes, wanted, release) : 'configuration-first';
  return { kind: 'switch', switch: { order, code, configuration, layers } };
}

/** True where the function has exactly these, in this order. */
export function isAttached(
  wanted: readonly WantedLayer[],
  attached: readonly { readonly arn: string }[],
): boolean {
  return (
    wanted.length === attached.length &&
    wanted.every((layer, index) => layer.kind !== 'new' && layer.arn === attached[index]?.arn)
  );
}

/**
 * Tags to set: those of the settings that differ, and the one that proves our layers. Its value is only known when all are there; it
 * is of no use to those who may not read it.
 */
export function planTags(
  wanted: readonly WantedLayer[],
  { fn }: AccountState,
  settings: PublishSettings,
): Readonly<Record<string, string>> {
  const ours = wanted.flatMap(layer => (layer.kind === 'found' ? [layer] : []));
  const isComplete = wanted.every(({ kind }) => kind !== 'new');
  const isProvable = isComplete && ours.length > 0 && fn?.tags !== null;
  const proof = isProvable ? { [LAYERS_TAG]: layersDigest(ours) } : {};
  const present = fn?.tags ?? {};
  const changed = Object.entries({ ...settings.tags, ...proof }).filter(
    ([key, value]) => present[key] !== value,
  );
  return Object.fromEntries(changed);
}

function chooseOrder(
  { code, layers }: DeployedSizes,
  wanted: readonly WantedLayer[],
  release: Release,
): ReturnType<typeof orderSwitch> {
  const sizes = wanted.map(layer =>
    // One of others that is attached anew may have any size.
    layer.kind === 'foreign' ? (layers.get(layer.arn) ?? limits.unzippedBytes) : layer.part.unzippedBytes,
  );
  const next: Sizes = { code: release.code.unzippedBytes, layers: sum(sizes) };
  return orderSwitch({ code, layers: sum([...layers.values()]) }, next);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, bytes) => all + bytes, 0);
}
