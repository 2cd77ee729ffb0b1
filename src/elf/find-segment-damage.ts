import { PAGE_BYTES, PT } from './constants.ts';
import { findInMemory } from './find-in-memory.ts';
import type { ElfFile, Segment } from './types.ts';

/** The end of the addresses that a process has on x86_64; on aarch64 it has as many or twice as many. */
const ADDRESS_SPACE_BYTES = 2 ** 47;
/** No machine gives a library that many zeros; the largest known ask for some gigabytes. */
const MAX_ZEROS = 2 ** 36;
/** One crafted file shall not yield a thousand sentences. */
const MAX_REPORTS = 10;

/**
 * What is wrong with the program headers. The rules are those of glibc's `_dl_map_object_from_fd` (elf/dl-load.c) and,
 * for executables, of Linux's `load_elf_binary`; newer versions forgive some of what older ones refuse.
 */
export function findSegmentDamage(elf: ElfFile): readonly string[] {
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  if (loads.length === 0) return ['it has no loadable segments'];
  const isLinked = elf.segments.some(({ type }) => type === PT.DYNAMIC);
  const damage = [
    ...loads.map(load => checkLoad(elf, load, isLinked)),
    ...loads.slice(1).map((load, index) => checkOrder(loads[index] as Segment, load)),
    ...Object.keys(NAMES).map(type => checkInside(elf, Number(type))),
    checkRelro(elf, loads),
  ];
  return damage.filter(reason => reason !== null).slice(0, MAX_REPORTS);
}

function checkLoad(elf: ElfFile, load: Segment, isLinked: boolean): string | null {
  const { offset, vaddr, filesz, memsz, align } = load;
  const name = nameSegment(load);
  if (offset + filesz > elf.bytes)
    return `${name} ends at ${offset + filesz}, past the end of the file at ${elf.bytes}`;
  if (filesz > memsz) return `${name} takes ${filesz} bytes of the file for ${memsz} bytes of memory`;
  if (memsz - filesz > MAX_ZEROS) return `${name} asks for ${memsz} bytes of memory`;
  if (vaddr + memsz > ADDRESS_SPACE_BYTES) return `${name} ends past the address space`;
  if (offset % PAGE_BYTES !== vaddr % PAGE_BYTES)
    return `${name} has its address and offset not page-aligned`;
  if (!isLinked) return null;
  if (align !== 0 && (align % PAGE_BYTES !== 0 || !Number.isInteger(Math.log2(align))))
    return `${name} has an alignment of ${align}`;
  if (align !== 0 && offset % align !== vaddr % align)
    return `${name} has its address and offset not aligned to ${align}`;
  return null;
}

function checkOrder(before: Segment, load: Segment): string | null {
  if (load.vaddr < before.vaddr) return `${nameSegment(load)} comes after one of a higher address`;
  // Of an empty one nothing is mapped.
  if (load.memsz > 0 && load.vaddr < before.vaddr + before.memsz)
    return `${nameSegment(load)} overlaps the one before`;
  return null;
}

/** What is read from memory must have been loaded: the linker's tables, thread-local data, what unwinds exceptions. */
function checkInside(elf: ElfFile, type: number): string | null {
  const name = NAMES[type];
  const segment = elf.segments.findLast(each => each.type === type);
  if (!segment || segment.filesz === 0) return null;
  const place = findInMemory(elf, segment.vaddr);
  if (!place || place.length < segment.filesz) return `its ${name} is not loaded`;
  return place.offset === segment.offset ? null : `its ${name} is loaded from elsewhere in the file`;
}

/** Whole pages of it are made read-only, and must be mapped for that (glibc's `_dl_protect_relro`). */
function checkRelro(elf: ElfFile, loads: readonly Segment[]): string | null {
  const relro = elf.segments.findLast(({ type }) => type === PT.GNU_RELRO);
  const [first, last] = [loads[0], loads.at(-1)];
  if (!relro || !first || !last || relro.memsz === 0) return null;
  const page = (at: number): number => Math.floor(at / PAGE_BYTES);
  const end = page(last.vaddr + last.memsz + PAGE_BYTES - 1);
  const isMapped = page(relro.vaddr) >= page(first.vaddr) && page(relro.vaddr + relro.memsz) <= end;
  return isMapped ? null : 'what it makes read-only after loading is not loaded';
}

const NAMES: Readonly<Record<number, string>> = {
  [PT.DYNAMIC]: 'dynamic section',
  [PT.PHDR]: 'table of program headers',
  [PT.TLS]: 'thread-local data',
  [PT.GNU_EH_FRAME]: 'table for exceptions',
};

function nameSegment({ vaddr }: Segment): string {
  return `the segment at 0x${vaddr.toString(16)}`;
}
