import { PT, SHF, SHT } from './constants.ts';
import { hasFlag, isLoaded } from './find-obstacle.ts';
import { overlaps, type Range, subtractRanges } from './ranges.ts';
import type { ElfFile, Section, Segment } from './types.ts';

/** Addresses of a segment whose bytes no section, header nor other segment claims. */
export interface Gap extends Range {
  /** Index of its `PT_LOAD` in the program headers. */
  readonly segment: number;
  /** `all`: nobody claims any byte of the segment. */
  readonly place: 'all' | 'start' | 'inner' | 'end';
}

/** Finds what patchelf and others left behind inside of the loaded segments, in the order of the program headers. */
export function findGaps(elf: ElfFile): readonly Gap[] {
  return findUnclaimed(elf, findClaims(elf, []));
}

/** As `findGaps`; but what is only made read-only (`PT_GNU_RELRO`) is not claimed: it must stay, its bytes need not. */
export function findUnreadGaps(elf: ElfFile): readonly Gap[] {
  return findUnclaimed(elf, findClaims(elf, [PT.GNU_RELRO]));
}

function findUnclaimed(elf: ElfFile, claims: readonly Range[]): readonly Gap[] {
  return elf.segments.flatMap((segment, index) =>
    segment.type === PT.LOAD ? findGapsOf(segment, index, claims) : [],
  );
}

function findGapsOf(load: Segment, index: number, claims: readonly Range[]): readonly Gap[] {
  const bytes = { start: load.vaddr, end: load.vaddr + load.filesz };
  const memory = { start: load.vaddr, end: load.vaddr + load.memsz };
  const isOrphan = !claims.some(claim => overlaps(claim, memory));
  if (isOrphan) return [{ ...memory, segment: index, place: 'all' }];
  return subtractRanges(bytes, claims).map(({ start, end }) => {
    // Where zeros follow the last byte, the end of the bytes is no end of the memory.
    const isEnd = end === memory.end;
    return { start, end, segment: index, place: start === bytes.start ? 'start' : isEnd ? 'end' : 'inner' };
  });
}

/** The addresses that somebody claims: sections, the file's headers, and all program headers but `PT_LOAD` and some. */
function findClaims(elf: ElfFile, others: readonly number[]): readonly Range[] {
  const { header, segments, sections } = elf;
  const tables = [
    { start: 0, end: header.ehsize },
    { start: header.phoff, end: header.phoff + header.phnum * header.phentsize },
  ];
  const loads = segments.filter(({ type }) => type === PT.LOAD);
  return [
    ...loads.flatMap(load => tables.flatMap(table => toAddresses(load, table))),
    ...segments.filter(({ type }) => ![PT.LOAD, PT.NULL, ...others].includes(type)).map(toMemory),
    ...sections.filter(takesMemory).map(({ addr, size }) => ({ start: addr, end: addr + size })),
  ].filter(({ start, end }) => end > start);
}

/** Thread-local zeros have an address, but no room of their own there. */
function takesMemory(section: Section): boolean {
  const isThreadZeros = section.type === SHT.NOBITS && hasFlag(section.flags, SHF.TLS);
  return isLoaded(section) && section.type !== SHT.NULL && !isThreadZeros;
}

function toMemory({ type, vaddr, filesz, memsz }: Segment): Range {
  return { start: vaddr, end: vaddr + (type === PT.TLS ? filesz : Math.max(filesz, memsz)) };
}

function toAddresses({ offset, vaddr, filesz }: Segment, bytes: Range): readonly Range[] {
  const start = Math.max(bytes.start, offset);
  const end = Math.min(bytes.end, offset + filesz);
  return start < end ? [{ start: vaddr + start - offset, end: vaddr + end - offset }] : [];
}
