/** Something with a size, in bytes. */
export interface Sized {
  readonly zippedBytes: number;
}

/** Steps that a search may still take; at 0 it gives up. */
export interface Effort {
  left: number;
}

/** How much a bin still takes, and how much of that may stay free, bytes. */
export interface Gap {
  readonly free: number;
  readonly waste: number;
}

/**
 * Positions of items that together leave no more than `waste` free, one such set after the other. Sets to which another item could
 * be added are left out, and so are those that only exchange items of equal size, which have to stand beside each other. Depth
 * first, in the order of the items, without recursion.
 */
export function* completeBin(
  items: readonly Sized[],
  gap: Gap,
  effort: Effort,
): Generator<readonly number[]> {
  const left = sumsFromEach(items);
  const chosen: number[] = [];
  let { free } = gap;
  for (let at = 0; ; ) {
    for (; at < items.length && free - (left[at] ?? 0) <= gap.waste; at++) {
      if (--effort.left <= 0) return;
      const bytes = sizeAt(items, at);
      if (bytes > free) continue;
      chosen.push(at);
      free -= bytes;
    }
    if (at === items.length && free <= gap.waste && !fitsAnother(items, chosen, free)) yield [...chosen];
    const last = chosen.pop();
    if (last === undefined) return;
    const bytes = sizeAt(items, last);
    free += bytes;
    for (at = last + 1; at < items.length && sizeAt(items, at) === bytes; ) at++;
  }
}

/** Sums the sizes of items, in bytes. */
export function sumOf(items: readonly Sized[]): number {
  return items.reduce((sum, { zippedBytes }) => sum + zippedBytes, 0);
}

function sizeAt(items: readonly Sized[], at: number): number {
  return items[at]?.zippedBytes ?? 0;
}

/** Bytes of each item and all after it. */
function sumsFromEach(items: readonly Sized[]): Float64Array {
  const sums = new Float64Array(items.length);
  let sum = 0;
  for (let at = items.length - 1; at >= 0; at--) {
    sum += sizeAt(items, at);
    sums[at] = sum;
  }
  return sums;
}

function fitsAnother(items: readonly Sized[], chosen: readonly number[], free: number): boolean {
  const taken = new Set(chosen);
  return items.some(({ zippedBytes }, at) => zippedBytes <= free && !taken.has(at));
}
