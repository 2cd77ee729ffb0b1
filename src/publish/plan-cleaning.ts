import type { LayerVersion } from '../aws/types.ts';
import { readLayerDescription } from '../layers/describe-layer.ts';
import type { PublishSettings, PublishStep, WantedLayer } from '../publish-types.ts';
import type { AccountState } from './types.ts';

/** Old versions of our layers that go: beyond the newest `keep`, one that is made now among them, used by no function, shared with nobody. */
export function planCleaning(
  wanted: readonly WantedLayer[],
  { layers, cleaning, fn }: AccountState,
  { keep }: PublishSettings,
): readonly PublishStep[] {
  if (keep === null || cleaning === null) return [];
  const stays = new Set([
    ...cleaning.used,
    ...cleaning.shared,
    ...(fn?.configuration.layers ?? []).map(({ arn }) => arn),
    ...wanted.flatMap(layer => (layer.kind === 'new' ? [] : [layer.arn])),
  ]);
  const isNew = (name: string): boolean =>
    wanted.some(layer => layer.kind === 'new' && layer.part.name === name);
  return [...layers]
    .flatMap(([name, versions]) => listOwn(versions).slice(Math.max(0, isNew(name) ? keep - 1 : keep)))
    .filter(({ arn }) => !stays.has(arn))
    .map(({ arn }) => ({ kind: 'delete-layer', arn }));
}

/** Versions that publishing made, by their description: somebody may use such a name for layers of his own. */
export function listOwn(versions: readonly LayerVersion[]): readonly LayerVersion[] {
  return versions.filter(({ description }) => readLayerDescription(description) !== null);
}
