import { compareCodeUnits } from '../util/path.ts';
import type { BaselineFunction, BaselineItem } from './baseline.ts';
import type { Growth, GrowthItem } from './types.ts';

/** Says what grew, shrank, came and went since a baseline, the largest change first. `bringersOf` names who brings a package. */
export function compareWithBaseline(
  before: BaselineFunction,
  now: BaselineFunction,
  bringersOf: (name: string) => readonly string[],
): Growth {
  const old = new Map(before.items.map(item => [keyOf(item), item]));
  const current = new Map(now.items.map(item => [keyOf(item), item]));
  const items = [...new Set([...old.keys(), ...current.keys()])].flatMap(key => {
    const item = compareItems(old.get(key), current.get(key));
    return item === null ? [] : [item.isPackage ? { ...item, broughtBy: bringersOf(item.name) } : item];
  });
  return {
    beforeZippedBytes: before.zippedBytes,
    beforeUnzippedBytes: before.unzippedBytes,
    zippedBytes: now.zippedBytes,
    unzippedBytes: now.unzippedBytes,
    items: items.sort((a, b) => changeOf(b) - changeOf(a) || compareCodeUnits(a.name, b.name)),
  };
}

function keyOf({ kind, name }: BaselineItem): string {
  return `${kind}\0${name}`;
}

function changeOf({ beforeBytes, bytes }: GrowthItem): number {
  return Math.abs(bytes - beforeBytes);
}

function compareItems(before: BaselineItem | undefined, now: BaselineItem | undefined): GrowthItem | null {
  const [kind, name] = [now?.kind ?? before?.kind, now?.name ?? before?.name ?? ''];
  const [from, to] = [wordVersions(before), wordVersions(now)];
  const [beforeBytes, bytes] = [before?.bytes ?? 0, now?.bytes ?? 0];
  if (before && now && from === to && beforeBytes === bytes) return null;
  const change = !before ? 'added' : !now ? 'removed' : from === to ? 'grown' : 'updated';
  return { change, name, isPackage: kind !== 'own', from, to, beforeBytes, bytes, broughtBy: [] };
}

function wordVersions(item: BaselineItem | undefined): string | null {
  return item?.versions.filter(version => version !== '').join(', ') || null;
}
