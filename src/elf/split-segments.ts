import { PT } from './constants.ts';
import type { Cuts } from './plan-cuts.ts';
import { subtractRanges } from './ranges.ts';
import type { ElfFile, Segment } from './types.ts';

/** A row of the new program headers; `offset` is still that of the old file. */
export interface SegmentRow extends Segment {
  /** The old row of which it keeps what is not said here; null for a `PT_NULL` that fills the table. */
  readonly index: number | null;
}

const NULL_ROW: SegmentRow = {
  ...{ index: null, type: PT.NULL, flags: 0, align: 0 },
  ...{ offset: 0, vaddr: 0, paddr: 0, filesz: 0, memsz: 0 },
};

/** The program headers without what is cut out of the memory image; never fewer rows than before. */
export function splitSegments(elf: ElfFile, cuts: Cuts): readonly SegmentRow[] {
  const rows = elf.segments.flatMap((segment, index) => splitSegment(segment, index, cuts));
  const count = elf.segments.length + cuts.extraHeaders;
  const filled = [...rows, ...Array.from({ length: count - rows.length }, () => NULL_ROW)];
  const tableBytes = count * elf.header.phentsize;
  return filled.map(row => (row.type === PT.PHDR ? { ...row, filesz: tableBytes, memsz: tableBytes } : row));
}

function splitSegment(segment: Segment, index: number, cuts: Cuts): readonly SegmentRow[] {
  if (segment.type === PT.NULL) return [];
  if (segment.type !== PT.LOAD) return [{ ...segment, index }];
  const { vaddr, offset, paddr, filesz, memsz } = segment;
  const bytesEnd = vaddr + filesz;
  const gaps = cuts.gaps.filter(gap => gap.segment === index);
  if (gaps.length === 0) return [{ ...segment, index }];
  return subtractRanges({ start: vaddr, end: vaddr + memsz }, gaps).map(({ start, end }) => ({
    ...segment,
    index,
    vaddr: start,
    paddr: paddr + (start - vaddr),
    offset: offset + (start - vaddr),
    filesz: Math.max(0, Math.min(end, bytesEnd) - start),
    memsz: end - start,
  }));
}
