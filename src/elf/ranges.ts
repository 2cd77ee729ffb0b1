/** Bytes or addresses from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What is left of `range` where none of `covers` lies; in order. */
export function subtractRanges(range: Range, covers: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let at = range.start;
  for (const cover of sortRanges(covers)) {
    if (cover.end <= at) continue;
    if (cover.start >= range.end) break;
    if (cover.start > at) left.push({ start: at, end: cover.start });
    at = cover.end;
  }
  if (at < range.end) left.push({ start: at, end: range.end });
  return left;
}

/** True where the two have a byte in common. */
export function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

/** True where all of `inner` lies in `outer`. */
export function contains(outer: Range, inner: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

export function sortRanges<T extends Range>(ranges: readonly T[]): readonly T[] {
  return [...ranges].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** How many bytes the ranges hold together. */
export function sumRanges(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { start, end }) => sum + (end - start), 0);
}
