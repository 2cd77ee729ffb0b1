import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { describeLayerVersion, toLayerName } from './layers.ts';
import { toPage } from './pages.ts';
import type { Layer, LayerVersionState } from './state.ts';

/** Newest first; a layer that never was has no versions, and that is no error. */
export function listLayerVersions(call: Call, state: AccountState): Reply {
  const layer = state.layers.get(toLayerName(call, state));
  const [page, NextMarker] = toPage(layer ? matching(layer, call) : [], call, state.behaviour.pageItems);
  return json(200, { LayerVersions: page.map(describeLayerVersion), NextMarker });
}

export function listLayers(call: Call, state: AccountState): Reply {
  const found = [...state.layers.values()].flatMap(layer => {
    const [newest] = matching(layer, call);
    return newest ? [{ layer, newest }] : [];
  });
  const [page, NextMarker] = toPage(found, call, state.behaviour.pageItems);
  const Layers = page.map(({ layer: { name, arn }, newest }) => ({
    LayerName: name,
    LayerArn: arn,
    LatestMatchingVersion: describeLayerVersion(newest),
  }));
  return json(200, { Layers, NextMarker });
}

function matching(layer: Layer, { query }: Call): readonly LayerVersionState[] {
  const runtime = query.get('CompatibleRuntime');
  const arch = query.get('CompatibleArchitecture');
  return [...layer.versions.values()]
    .filter(version => runtime === null || version.runtimes.includes(runtime))
    .filter(version => arch === null || version.archs.includes(arch))
    .sort((a, b) => b.version - a.version);
}
