import { ET, PAGE_BYTES, PT, SHF, SHT } from './constants.ts';
import { findSectionKind } from './expendable-sections.ts';
import { contains, type Range } from './ranges.ts';
import type { ByteSource, ElfFile, Section, Segment } from './types.ts';

/** Far more than linkers write; what follows compares each segment with each section. */
const MAX_SEGMENTS = 512;
const MAX_SECTIONS = 20_000;
/** User space ends at 2^47 on x86_64 and 2^48 (2^52 at most) on aarch64. */
const MAX_ADDRESS = 2 ** 52;

/** Says why a file had better keep all its bytes, or null where it may be stripped. */
export function findObstacle(source: ByteSource, elf: ElfFile): string | null {
  return whyForeign(elf) ?? whyUnsound(elf) ?? whySectionsMatter(elf) ?? whyAppended(source, elf);
}

function whyForeign({ header }: ElfFile): string | null {
  if (header.bits !== 64 || !header.littleEndian) return 'it is not a 64-bit little-endian file';
  if (header.type !== ET.DYN && header.type !== ET.EXEC) return 'it is neither a library nor an executable';
  return null;
}

function whyUnsound(elf: ElfFile): string | null {
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  if (loads.length === 0) return 'it has nothing to load';
  if (elf.sectionProblem !== null) return elf.sectionProblem;
  if (!elf.segments.every(isExact)) return 'a segment has a number that no file or address reaches';
  if (elf.segments.length > MAX_SEGMENTS) return `it has ${elf.segments.length} program headers`;
  if (elf.sections.length > MAX_SECTIONS) return `it has ${elf.sections.length} sections`;
  if (loads.some(load => !isSoundLoad(load, elf.bytes)))
    return 'a segment lies past its end or is misaligned';
  const isOrdered = loads.every((load, at) => at === 0 || endOf(loads[at - 1] as Segment) <= load.vaddr);
  if (!isOrdered) return 'its segments overlap or are out of order';
  const stray = elf.segments.find(segment => !liesInLoad(segment, loads));
  return stray ? `a segment of type 0x${stray.type.toString(16)} lies outside of what is loaded` : null;
}

/** Numbers that a double holds exactly; others would be written back as their neighbours. */
function isExact({ offset, vaddr, paddr, filesz, memsz, align }: Segment): boolean {
  return [offset, vaddr, paddr, filesz, memsz, align].every(Number.isSafeInteger);
}

function isSoundLoad({ offset, vaddr, filesz, memsz, align }: Segment, bytes: number): boolean {
  const isPower = align <= 1 || (align <= 2 ** 32 && Number.isInteger(Math.log2(align)));
  const isInside = offset + filesz <= bytes && filesz <= memsz && vaddr + memsz <= MAX_ADDRESS;
  return isPower && isInside && (align <= 1 || (vaddr - offset) % align === 0);
}

function endOf({ vaddr, memsz }: Segment): number {
  return vaddr + memsz;
}

function liesInLoad({ type, offset, filesz, vaddr }: Segment, loads: readonly Segment[]): boolean {
  if (type === PT.LOAD || type === PT.NULL || filesz === 0) return true;
  const bytes = { start: offset, end: offset + filesz };
  return loads.some(
    load => contains(fileRangeOf(load), bytes) && vaddr - offset === load.vaddr - load.offset,
  );
}

function fileRangeOf({ offset, filesz }: Segment): Range {
  return { start: offset, end: offset + filesz };
}

function whySectionsMatter(elf: ElfFile): string | null {
  if (elf.sections.length === 0) return 'it has no section table';
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  for (const section of elf.sections) {
    const reason = whySectionMatters(section, loads);
    if (reason) return reason;
  }
  return null;
}

function whySectionMatters(section: Section, loads: readonly Segment[]): string | null {
  const { name, type, flags, addr, offset, size } = section;
  if (type === SHT.NULL || size === 0) return null;
  const label = JSON.stringify(name);
  if (!isLoaded(section)) {
    return findSectionKind(name) ? null : `a program may read its section ${label} from the file`;
  }
  if (type === SHT.NOBITS) {
    return hasFlag(flags, SHF.EXECINSTR) ? 'it holds the debug information of another file' : null;
  }
  const range = { start: addr, end: addr + size };
  const load = loads.find(({ vaddr, filesz }) => contains({ start: vaddr, end: vaddr + filesz }, range));
  if (!load) return `its section ${label} lies outside of what is loaded`;
  return addr - offset === load.vaddr - load.offset ? null : `its section ${label} is not where it says`;
}

/** True for a section that is part of the memory image. */
export function isLoaded({ flags }: Pick<Section, 'flags'>): boolean {
  return hasFlag(flags, SHF.ALLOC);
}

/** Flags may have bits above the 32nd, which `&` would cut off. */
export function hasFlag(flags: number, flag: number): boolean {
  return Math.floor(flags / flag) % 2 === 1;
}

/** Self-extracting files and bundled applications carry their payload after all that ELF knows. */
function whyAppended(source: ByteSource, elf: ElfFile): string | null {
  const { header, segments, sections, bytes } = elf;
  const ends = [
    header.phoff + header.phnum * header.phentsize,
    header.shoff + header.shnum * header.shentsize,
    ...segments.map(({ offset, filesz }) => offset + filesz),
    ...sections.filter(({ type }) => type !== SHT.NOBITS).map(({ offset, size }) => offset + size),
  ];
  const end = ends.reduce((a, b) => Math.max(a, b), 0);
  // patchelf leaves a zero there.
  const isPadding = bytes - end < PAGE_BYTES && (bytes <= end || isZero(source.read(end, bytes - end)));
  return isPadding ? null : `${bytes - end} bytes are appended to it`;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every(byte => byte === 0);
}
