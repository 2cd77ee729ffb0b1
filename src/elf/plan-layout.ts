import { PAGE_BYTES, PT } from './constants.ts';
import type { Range } from './ranges.ts';
import type { SegmentRow } from './split-segments.ts';
import type { ElfHeader } from './types.ts';

/** Bytes that stay, and where they go. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

export interface Layout {
  /** In the order of the file; `to` grows with `from`. */
  readonly moves: readonly Move[];
  /** Where the last of them ends. */
  readonly end: number;
}

interface Kept extends Range {
  /** What it is moved by is a multiple of this. */
  readonly step: number;
}

/**
 * Slides every byte that stays down to the lowest offset that is congruent to its old one modulo the page, so that the
 * addresses, which stay, and the offsets keep agreeing.
 */
export function planLayout(header: ElfHeader, rows: readonly SegmentRow[]): Layout {
  const moves: Move[] = [];
  let end = 0;
  for (const { start, end: oldEnd, step } of mergeKept(findKept(header, rows))) {
    const to = start - Math.floor((start - end) / step) * step;
    moves.push({ from: start, to, bytes: oldEnd - start });
    end = to + oldEnd - start;
  }
  return { moves, end };
}

function findKept(header: ElfHeader, rows: readonly SegmentRow[]): readonly Kept[] {
  const table = header.phoff + rows.length * header.phentsize;
  return [
    { start: 0, end: header.ehsize, step: PAGE_BYTES },
    { start: header.phoff, end: table, step: PAGE_BYTES },
    ...rows
      .filter(({ type, filesz }) => type === PT.LOAD && filesz > 0)
      .map(({ offset, filesz, align }) => ({
        start: offset,
        end: offset + filesz,
        step: Math.max(PAGE_BYTES, align),
      })),
  ];
}

/** What overlaps has to move together. */
function mergeKept(kept: readonly Kept[]): readonly Kept[] {
  const merged: Kept[] = [];
  for (const next of [...kept].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (!last || next.start >= last.end) {
      merged.push(next);
    } else {
      const step = Math.max(last.step, next.step);
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, next.end), step };
    }
  }
  return merged;
}

/** The new offset of a byte; what lies in no kept range, such as an empty segment, goes to the end of the one before. */
export function moveOffset({ moves }: Layout, offset: number): number {
  const move = moves.findLast(({ from }) => from <= offset);
  return move ? move.to + Math.min(offset - move.from, move.bytes) : 0;
}
