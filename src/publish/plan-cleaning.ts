import type { PublishSettings, PublishStep, WantedLayer } from '../publish-types.ts';
import { isOurLayer } from './layer-names.ts';
import type { AccountState } from './types.ts';

/** Old versions of our layers that go: beyond the newest `keep`, used by no function, shared with nobody. */
export function planCleaning(
  wanted: readonly WantedLayer[],
  { layers, cleaning, fn }: AccountState,
  { keep, functionName }: PublishSettings,
): readonly PublishStep[] {
  if (keep === null || cleaning === null) return [];
  const stays = new Set([
    ...cleaning.used,
    ...cleaning.shared,
    ...(fn?.configuration.layers ?? []).map(({ arn }) => arn),
    ...wanted.flatMap(layer => (layer.kind === 'new' ? [] : [layer.arn])),
  ]);
  return [...layers.values()]
    .flatMap(versions => versions.slice(keep))
    .filter(({ arn }) => isOurLayer(arn, functionName) && !stays.has(arn))
    .map(({ arn }) => ({ kind: 'delete-layer', arn }));
}
