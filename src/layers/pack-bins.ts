/** Something with a size, in bytes. */
export interface Sized {
  readonly zippedBytes: number;
}

/**
 * Puts items into at most `count` bins of `capacity` bytes, or says that there is no way; exact, so that null is a proof. The same
 * items give the same bins. Larger items are placed first, each into the first bin that it fits; a bin that is filled to the last
 * byte is never reconsidered, nor are two bins with the same room.
 */
export function packBins<T extends Sized>(
  items: readonly T[],
  count: number,
  capacity: number,
): readonly (readonly T[])[] | null {
  const sorted = items
    .map((item, index) => ({ item, index }))
    .sort((a, b) => b.item.zippedBytes - a.item.zippedBytes || a.index - b.index)
    .map(({ item }) => item);
  const bins = Array.from({ length: count }, (): T[] => []);
  const room = bins.map(() => capacity);
  const left = suffixSums(sorted);
  if (!place({ sorted, left, bins, room, failed: new Set() }, 0)) return null;
  return bins.filter(bin => bin.length > 0);
}

/** The fewest bins that hold them, up to `most`; null where even those do not. */
export function packFewest<T extends Sized>(
  items: readonly T[],
  most: number,
  capacity: number,
): readonly (readonly T[])[] | null {
  const total = items.reduce((sum, { zippedBytes }) => sum + zippedBytes, 0);
  for (let count = Math.ceil(total / capacity); count <= most; count++) {
    const bins = packBins(items, count, capacity);
    if (bins) return bins;
  }
  return items.length === 0 ? [] : null;
}

interface Search<T> {
  readonly sorted: readonly T[];
  /** Bytes from each item on. */
  readonly left: readonly number[];
  readonly bins: readonly T[][];
  readonly room: number[];
  /** Rooms that are known not to do, by item. */
  readonly failed: Set<string>;
}

function place<T extends Sized>(search: Search<T>, at: number): boolean {
  const { sorted, left, bins, room, failed } = search;
  const item = sorted[at];
  if (item === undefined) return true;
  const free = room.reduce((sum, bytes) => sum + bytes, 0);
  if (free < (left[at] ?? 0)) return false;
  const key = `${at}:${[...room].sort((a, b) => a - b).join(',')}`;
  if (failed.has(key)) return false;
  const tried = new Set<number>();
  for (const [index, bin] of bins.entries()) {
    const before = room[index] ?? 0;
    if (before < item.zippedBytes || tried.has(before)) continue;
    tried.add(before);
    bin.push(item);
    room[index] = before - item.zippedBytes;
    if (place(search, at + 1)) return true;
    bin.pop();
    room[index] = before;
    if (before === item.zippedBytes) break;
  }
  failed.add(key);
  return false;
}

function suffixSums(items: readonly Sized[]): readonly number[] {
  const sums: number[] = [];
  let sum = 0;
  for (const { zippedBytes } of [...items].reverse()) {
    sum += zippedBytes;
    sums.unshift(sum);
  }
  return sums;
}
