import type { PageSubject } from '../page-types.ts';

/** A file for the map: one that is there, or one that went, by `rule`. Sizes in bytes. */
export interface Item {
  readonly path: string;
  readonly bytes: number;
  readonly zipped: number | null;
  /** With its version where that is known: `numpy@2.2.1`. */
  readonly owner: string;
  readonly kind: number;
  readonly rule: number | null;
}

/** What a file weighs in the map, and what it weighed in the artifact before; both are alike where there is no other. */
export interface Weighed {
  readonly item: Item;
  readonly value: number;
  readonly before: number;
}

export type Measure = 'bytes' | 'zipped';
export type Show = 'kept' | 'removed' | 'both';

/** The files of an artifact, those that went among them as `show` says. */
export function listItems(subject: PageSubject, show: Show): readonly Item[] {
  const owner = (at: number): string => subject.packages[at] ?? '';
  const kept =
    show === 'removed'
      ? []
      : subject.files.map(
          ([path, bytes, zipped, at, kind]): Item => ({
            ...{ path, bytes, zipped, kind },
            owner: owner(at),
            rule: null,
          }),
        );
  const gone =
    show === 'kept'
      ? []
      : subject.removals.map(
          ([path, bytes, at, kind, rule]): Item => ({
            path,
            bytes,
            zipped: null,
            owner: owner(at),
            kind,
            rule,
          }),
        );
  return [...kept, ...gone];
}

/** Bytes of a file by the measure; what was never zipped counts with all its bytes. */
export function weigh({ bytes, zipped }: Item, measure: Measure): number {
  return measure === 'zipped' ? (zipped ?? bytes) : bytes;
}

/** Files with their weights, for one artifact. */
export function weighAll(items: readonly Item[], measure: Measure): readonly Weighed[] {
  return items.map(item => {
    const value = weigh(item, measure);
    return { item, value, before: value };
  });
}

/** Files of two artifacts, each path once; what is only in one of them weighs nothing in the other. */
export function mergeItems(
  before: readonly Item[],
  after: readonly Item[],
  measure: Measure,
): readonly Weighed[] {
  const merged = new Map<string, { item: Item; value: number; before: number }>();
  const add = (item: Item, side: 'value' | 'before'): void => {
    const known = merged.get(item.path) ?? { item, value: 0, before: 0 };
    known[side] += weigh(item, measure);
    merged.set(item.path, side === 'value' ? { ...known, item } : known);
  };
  for (const item of before) add(item, 'before');
  for (const item of after) add(item, 'value');
  return [...merged.values()];
}

/** `numpy` of `numpy@2.2.1`, `@scope/a` of `@scope/a@1.0.0`. */
export function dropVersion(owner: string): string {
  return owner.replace(/(?<=.)@[^@/]+$/, '');
}
