import { DT, ET, PT, SHF, SHT } from './constants.ts';
import { findTag } from './find-tag.ts';
import type { ElfFacts, ElfFile } from './types.ts';

/** `DF_1_PIE` of `DT_FLAGS_1`. */
const DF_1_PIE = 0x08000000;
const PF_X = 1;

/** What the file is for. Debug information that was split off keeps its library's headers, but is `other`. */
export function findKind(elf: ElfFile): ElfFacts['kind'] {
  const { type } = elf.header;
  if (type === ET.REL) return 'relocatable';
  if ((type !== ET.EXEC && type !== ET.DYN) || isDebugOnly(elf)) return 'other';
  return type === ET.EXEC || isPositionIndependentExecutable(elf) ? 'executable' : 'shared';
}

/** Linkers since 2018 say so; libc.so.6 is a library with an interpreter, hence the name. */
function isPositionIndependentExecutable(elf: ElfFile): boolean {
  if (BigInt(findTag(elf, DT.FLAGS_1) ?? 0) & BigInt(DF_1_PIE)) return true;
  if (elf.segments.some(({ type }) => type === PT.INTERP)) return findTag(elf, DT.SONAME) === null;
  return (
    !elf.segments.some(({ type }) => type === PT.DYNAMIC) &&
    elf.header.entry > 0 &&
    isCode(elf, elf.header.entry)
  );
}

function isCode(elf: ElfFile, vaddr: number): boolean {
  return elf.segments.some(
    each =>
      each.type === PT.LOAD && each.flags & PF_X && vaddr >= each.vaddr && vaddr - each.vaddr < each.memsz,
  );
}

/** `objcopy --only-keep-debug` turns all sections that are loaded, notes aside, into ones without bytes. */
function isDebugOnly(elf: ElfFile): boolean {
  const loaded = elf.sections.filter(({ flags, type }) => flags % 4 >= SHF.ALLOC && type !== SHT.NOTE);
  return loaded.length > 0 && loaded.every(({ type }) => type === SHT.NOBITS);
}
