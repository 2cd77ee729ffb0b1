import { tableEnd } from './compare-headers.ts';
import { PAGE_BYTES, PT } from './constants.ts';
import { findInMemory } from './find-in-memory.ts';
import type { ElfFile, Segment } from './types.ts';

/** Why the dynamic linker would refuse the segments of a stripped file, or map them otherwise than the original's. */
export function compareSegments(original: ElfFile, stripped: ElfFile): readonly string[] {
  return [
    ...checkLoads(original, stripped),
    ...compareOthers(original, stripped),
    ...checkTable(original, stripped),
  ];
}

function loadsOf({ segments }: ElfFile): readonly Segment[] {
  return segments.filter(({ type }) => type === PT.LOAD);
}

function checkLoads(original: ElfFile, stripped: ElfFile): readonly string[] {
  const loads = loadsOf(stripped);
  return loads.flatMap((load, at) => {
    const before = loads[at - 1];
    return [
      ...checkLoad(load, stripped.bytes),
      ...(before && load.vaddr < before.vaddr + before.memsz ? [`${nameOf(load)} is out of order`] : []),
      ...(before && sharePage(before, load) && !loadsOf(original).some(each => each.vaddr === load.vaddr)
        ? [`${nameOf(load)} shares a page with the one before`]
        : []),
    ];
  });
}

function checkLoad(load: Segment, bytes: number): readonly string[] {
  const { offset, vaddr, filesz, memsz, align } = load;
  const isCongruent = (vaddr - offset) % Math.max(PAGE_BYTES, align) === 0;
  return [
    ...(offset + filesz > bytes ? [`${nameOf(load)} ends past the end of the file`] : []),
    ...(filesz > memsz ? [`${nameOf(load)} has more bytes than memory`] : []),
    // glibc checks it even where there is nothing to map.
    ...(isCongruent ? [] : [`${nameOf(load)}: its address and offset are not page-aligned`]),
  ];
}

function sharePage(a: Segment, b: Segment): boolean {
  const page = Math.max(PAGE_BYTES, a.align, b.align);
  return Math.floor((a.vaddr + a.memsz - 1) / page) >= Math.floor(b.vaddr / page);
}

/** All but `PT_LOAD`: they say where the dynamic section, thread-local data, notes and so on lie in memory. */
function compareOthers(original: ElfFile, stripped: ElfFile): readonly string[] {
  const before = othersOf(original);
  const after = othersOf(stripped);
  if (before.length !== after.length) return [`it has ${after.length} program headers for ${before.length}`];
  return before.flatMap((a, at) => {
    const b = after[at] as Segment;
    const isSame = a.type === b.type && a.flags === b.flags && a.vaddr === b.vaddr && a.align === b.align;
    const isSized = a.type === PT.PHDR || (a.filesz === b.filesz && a.memsz === b.memsz);
    if (!isSame || !isSized) return [`${nameOf(a)} changed`];
    const isPlaced = b.filesz === 0 || findInMemory(stripped, b.vaddr)?.offset === b.offset;
    const wasPlaced = findInMemory(original, a.vaddr)?.offset === a.offset;
    return isPlaced || !wasPlaced ? [] : [`${nameOf(b)} has another offset than its address says`];
  });
}

function othersOf({ segments }: ElfFile): readonly Segment[] {
  return segments.filter(({ type }) => type !== PT.LOAD && type !== PT.NULL);
}

/** Programs walk their own program headers in memory. */
function checkTable(original: ElfFile, stripped: ElfFile): readonly string[] {
  const row = stripped.segments.find(({ type }) => type === PT.PHDR);
  const isNamed = !row || row.offset === stripped.header.phoff;
  const isSized = !row || row.filesz === stripped.header.phnum * stripped.header.phentsize;
  const isLost = isTableLoaded(original) && !isTableLoaded(stripped);
  return [
    ...(isNamed && isSized ? [] : ['PT_PHDR is not where its program headers are']),
    ...(isLost ? ['its program headers are no longer loaded'] : []),
  ];
}

function isTableLoaded(elf: ElfFile): boolean {
  const { phoff } = elf.header;
  return loadsOf(elf).some(({ offset, filesz }) => phoff >= offset && tableEnd(elf) <= offset + filesz);
}

function nameOf({ type, vaddr }: Segment): string {
  return `the segment of type 0x${type.toString(16)} at address 0x${vaddr.toString(16)}`;
}
