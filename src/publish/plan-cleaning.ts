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
    .flatMap(([name, versions]) => versions.slice(Math.max(0, isNew(name) ? keep - 1 : keep)))
    .filter(({ arn }) => !stays.has(arn))
    .map(({ arn }) => ({ kind: 'delete-layer', arn }));
}
