import type { DeployedFunction, LayerVersion } from '../aws/types.ts';
import { readLayerDescription } from '../layers/describe-layer.ts';
import type { LayerPart, PublishSettings, WantedLayer } from '../publish-types.ts';
import { isOurLayer, LAYERS_TAG, layerNameOf, layersDigest } from './layer-names.ts';

type Found = Extract<WantedLayer, { readonly kind: 'found' }>;

/** ARNs of layers that are not ours and stay, or are to be attached, in this order; a layer once, in the version that is asked for. */
export function listForeignLayers(
  fn: DeployedFunction | null,
  { layers }: Pick<PublishSettings, 'layers'>,
): readonly string[] {
  const asked = new Map(layers.attach.map(arn => [baseOf(arn), arn]));
  const present = (fn?.configuration.layers ?? [])
    .map(({ arn }) => arn)
    .filter(arn => !isOurLayer(arn, fn?.configuration.arn ?? ''));
  const bases = new Set(present.map(baseOf));
  return [
    ...present.map(arn => asked.get(baseOf(arn)) ?? arn),
    ...[...asked].filter(([base]) => !bases.has(base)).map(([, arn]) => arn),
  ];
}

/** The ARN of a layer, without its version. */
function baseOf(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

/** Our layers where the tag of the function proves that all are attached as they should be; else null. */
export function recognizeLayers(
  fn: DeployedFunction | null,
  parts: readonly LayerPart[],
  { runtime, arch }: Pick<PublishSettings, 'runtime' | 'arch'>,
): readonly Found[] | null {
  const tag = fn?.tags?.[LAYERS_TAG];
  if (!fn || tag === undefined || parts.length === 0) return null;
  // They were made for these.
  if (fn.configuration.runtime !== runtime || fn.configuration.arch !== arch) return null;
  const byName = new Map(fn.configuration.layers.map(({ arn }) => [layerNameOf(arn), arn]));
  const found: readonly Found[] = parts.flatMap(part => {
    const arn = byName.get(part.name);
    return arn === undefined ? [] : [{ kind: 'found', arn, part }];
  });
  return found.length === parts.length && layersDigest(found) === tag ? found : null;
}

/** A part as a version that is there already, rather one that is attached, or as one to be made. */
export function wantLayer(
  part: LayerPart,
  versions: readonly LayerVersion[],
  fn: DeployedFunction | null,
  { runtime, arch }: Pick<PublishSettings, 'runtime' | 'arch'>,
): WantedLayer {
  const fitting = versions.filter(
    ({ description, runtimes, archs }) =>
      readLayerDescription(description)?.sha256 === part.sha256 &&
      runtimes.includes(runtime) &&
      archs.includes(arch),
  );
  const attached = new Set(fn?.configuration.layers.map(({ arn }) => arn));
  const chosen = fitting.find(({ arn }) => attached.has(arn)) ?? fitting[0];
  return chosen ? { kind: 'found', arn: chosen.arn, part } : { kind: 'new', part };
}
