import { boundBins } from './bound-bins.ts';
import { completeBin, type Effort, type Sized, sumOf } from './complete-bin.ts';

export type Bins<T> = readonly (readonly T[])[];

export interface Bounds {
  /** Bins that may be used. */
  readonly count: number;
  /** Bytes that each may hold. */
  readonly capacity: number;
}

/**
 * Puts items into bins: by two simple rules if they do; else it fills a bin around the largest item in every way that leaves room
 * for the rest, in the order of the items. Null is a proof that there is no way, as long as effort is left.
 */
export function fillBins<T extends Sized>(
  items: readonly T[],
  bounds: Bounds,
  effort: Effort,
): Bins<T> | null {
  const { count, capacity } = bounds;
  const waste = count * capacity - sumOf(items);
  if (waste < 0) return null;
  effort.left -= items.length * count;
  const sorted = largestFirst(items);
  const simple = placeEach(sorted, bounds, fullest) ?? placeEach(sorted, bounds, emptiest);
  const [first] = sorted;
  if (simple || first === undefined) return simple;
  if (count <= 1 || boundBins(items, capacity) > count) return null;
  const at = items.indexOf(first);
  const others = items.filter((_, index) => index !== at);
  for (const chosen of completeBin(others, { free: capacity - first.zippedBytes, waste }, effort)) {
    const taken = new Set(chosen);
    const rest = others.filter((_, index) => !taken.has(index));
    const bins = fillBins(rest, { count: count - 1, capacity }, effort);
    if (bins) return [[first, ...others.filter((_, index) => taken.has(index))], ...bins];
    if (effort.left <= 0) return null;
  }
  return null;
}

/** Equal ones in the order in which they were. */
export function largestFirst<T extends Sized>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => b.zippedBytes - a.zippedBytes);
}

/** Whether a bin with this room suits an item better than one with that. */
type Rule = (room: number, other: number) => boolean;
const fullest: Rule = (room, other) => room < other;
const emptiest: Rule = (room, other) => room > other;

/** One item after the other into the bin that suits it best; null where one fits nowhere. */
function placeEach<T extends Sized>(
  items: readonly T[],
  { count, capacity }: Bounds,
  isBetter: Rule,
): Bins<T> | null {
  const bins = Array.from({ length: count }, (): T[] => []);
  const room = bins.map(() => capacity);
  for (const item of items) {
    const best = findBest(room, item.zippedBytes, isBetter);
    if (best === null) return null;
    bins[best]?.push(item);
    room[best] = (room[best] ?? 0) - item.zippedBytes;
  }
  return bins;
}

function findBest(room: readonly number[], bytes: number, isBetter: Rule): number | null {
  let best: number | null = null;
  for (const [index, free] of room.entries())
    if (free >= bytes && (best === null || isBetter(free, room[best] ?? 0))) best = index;
  return best;
}
