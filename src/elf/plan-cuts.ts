import { ET, PAGE_BYTES, PT } from './constants.ts';
import { findGaps, type Gap } from './find-gaps.ts';
import { visitReferences } from './find-references.ts';
import { isFiller } from './is-filler.ts';
import { overlaps, type Range } from './ranges.ts';
import type { ByteSource, ElfFile, Segment } from './types.ts';

/** What a plan takes out of the memory image, and what it takes for new program headers. */
export interface Cuts {
  readonly gaps: readonly Gap[];
  /** Program headers that the table grows by, into an unclaimed room right after it. */
  readonly extraHeaders: number;
}

const NO_CUTS: Cuts = { gaps: [], extraHeaders: 0 };
const HEADER_BYTES = 56;

/**
 * Chooses the pages that can leave the memory image: segments that nobody claims, and gaps of at least a page in others,
 * where they hold nothing but filler. None at all where anything refers to one of them, or where that cannot be known,
 * as in a program at a fixed address.
 */
export function planCuts(source: ByteSource, elf: ElfFile): Cuts {
  if (elf.header.type !== ET.DYN || elf.dynamic.length === 0) return NO_CUTS;
  const first = elf.segments.findIndex(({ type }) => type === PT.LOAD);
  const gaps = findGaps(elf).filter(
    gap =>
      (gap.segment !== first || gap.place === 'inner' || gap.place === 'end') &&
      (gap.place === 'all' || spansPage(gap, elf.segments[gap.segment] as Segment)) &&
      isFiller(source, elf, gap),
  );
  const room = findRoom(source, elf);
  const cuts = chooseCuts(elf, gaps, room);
  if (cuts.gaps.length === 0) return NO_CUTS;
  const touched: readonly Range[] = cuts.extraHeaders > 0 && room ? [...cuts.gaps, room] : cuts.gaps;
  return isReferred(source, elf, touched) ? NO_CUTS : cuts;
}

function chooseCuts(elf: ElfFile, gaps: readonly Gap[], room: Gap | null): Cuts {
  const orphans = gaps.filter(({ place }) => place === 'all');
  const large = gaps.filter(({ place }) => place !== 'all');
  const free = orphans.length + elf.segments.filter(({ type }) => type === PT.NULL).length;
  const slots = free + (room ? Math.floor((room.end - room.start) / HEADER_BYTES) : 0);
  const inner = large
    .filter(({ place }) => place === 'inner')
    .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)
    .slice(0, slots);
  const extraHeaders = Math.max(0, inner.length - free);
  const taken = (room?.start ?? 0) + extraHeaders * HEADER_BYTES;
  const parts = [...large.filter(({ place }) => place !== 'inner'), ...inner]
    .map(gap => (gap.start === room?.start ? { ...gap, start: taken } : gap))
    .filter(gap => spansPage(gap, elf.segments[gap.segment] as Segment));
  return { gaps: [...orphans, ...parts], extraHeaders };
}

/** The two halves of a segment must not share a page of memory, however large the pages of the machine. */
function spansPage({ start, end }: Range, { align }: Segment): boolean {
  const page = Math.max(PAGE_BYTES, align);
  return end - start >= page && Math.floor((start - 1) / page) < Math.floor(end / page);
}

/** The gap that begins where the program headers end, into which they may grow. */
function findRoom(source: ByteSource, elf: ElfFile): Gap | null {
  const tableEnd = elf.header.phoff + elf.header.phnum * elf.header.phentsize;
  const isAfterTable = ({ start, segment }: Gap): boolean => {
    const { offset, vaddr } = elf.segments[segment] as Segment;
    return start - vaddr + offset === tableEnd;
  };
  const room = findGaps(elf).find(gap => gap.place !== 'all' && isAfterTable(gap));
  return room && isFiller(source, elf, room) ? room : null;
}

function isReferred(source: ByteSource, elf: ElfFile, gaps: readonly Range[]): boolean {
  let isHit = false;
  const problem = visitReferences(source, elf, (start, end) => {
    isHit ||= gaps.some(gap => overlaps(gap, { start, end }));
  });
  return isHit || problem !== null;
}
