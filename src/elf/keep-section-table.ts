import { PT, SHF, SHT } from './constants.ts';
import { hasFlag, isLoaded } from './find-obstacle.ts';
import { type Layout, moveOffset } from './plan-layout.ts';
import type { SegmentRow } from './split-segments.ts';
import type { ByteSource, ElfFile, Section } from './types.ts';

/** The end of the new file: the names of the sections, then the section headers. */
export interface SectionTable {
  readonly bytes: Uint8Array;
  /** Where the names go in the new file; they are the first of `bytes`. */
  readonly at: number;
  readonly shoff: number;
  readonly shnum: number;
  readonly shstrndx: number;
}

const HEADER_BYTES = 64;
const NAME = '.shstrtab';

/**
 * The section table that debuggers, linkers and patchelf still ask for: the loaded sections and the names. Each keeps its
 * index, which the dynamic symbols hold, so one that goes from among them leaves an empty row.
 */
export function keepSectionTable(
  source: ByteSource,
  elf: ElfFile,
  rows: readonly SegmentRow[],
  layout: Layout,
): SectionTable {
  const old = Buffer.from(source.read(elf.header.shoff, elf.sections.length * HEADER_BYTES));
  const count = elf.sections.findLastIndex(isLoaded) + 1;
  const kept = elf.sections.slice(0, count);
  const names = joinNames([NAME, ...kept.filter(isLoaded).map(({ name }) => name)]);
  const headersAt = Math.ceil((layout.end + names.length) / 8) * 8;
  const headers = Buffer.alloc((Math.max(1, count) + 1) * HEADER_BYTES);
  kept.forEach((section, index) => {
    if (!isLoaded(section)) return;
    const at = index * HEADER_BYTES;
    old.copy(headers, at, at, at + HEADER_BYTES);
    headers.writeUInt32LE(names.indexOf(`${section.name}\0`, 0, 'latin1'), at);
    headers.writeBigUInt64LE(BigInt(findOffset(section, rows, layout)), at + 24);
    if (!isLoadedAt(kept, section.link)) headers.writeUInt32LE(0, at + 40);
    if (pointsBySectionIndex(section) && !isLoadedAt(kept, section.info)) headers.writeUInt32LE(0, at + 44);
  });
  writeNameSection(headers, headers.length - HEADER_BYTES, names, layout.end);
  const bytes = Buffer.alloc(headersAt - layout.end + headers.length);
  names.copy(bytes, 0);
  headers.copy(bytes, headersAt - layout.end);
  const shnum = headers.length / HEADER_BYTES;
  return { bytes, at: layout.end, shoff: headersAt, shnum, shstrndx: shnum - 1 };
}

/** `.rela.plt` also lies in `.plt`: a name may be the end of another one. */
function joinNames(names: readonly string[]): Buffer {
  const longestFirst = [...names].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  let joined = '\0';
  for (const name of longestFirst) if (!joined.includes(`${name}\0`)) joined += `${name}\0`;
  return Buffer.from(joined, 'latin1');
}

function findOffset(section: Section, rows: readonly SegmentRow[], layout: Layout): number {
  if (section.type !== SHT.NOBITS) return moveOffset(layout, section.offset);
  const load = rows.find(
    ({ type, vaddr, memsz }) => type === PT.LOAD && section.addr >= vaddr && section.addr <= vaddr + memsz,
  );
  if (!load) return moveOffset(layout, section.offset);
  return moveOffset(layout, load.offset + Math.min(section.addr - load.vaddr, load.filesz));
}

function isLoadedAt(sections: readonly Section[], index: number): boolean {
  const section = sections[index];
  return section !== undefined && isLoaded(section);
}

/** Elsewhere `sh_info` counts something. */
function pointsBySectionIndex({ type, flags }: Section): boolean {
  return type === SHT.RELA || type === SHT.REL || hasFlag(flags, SHF.INFO_LINK);
}

function writeNameSection(headers: Buffer, at: number, names: Buffer, offset: number): void {
  headers.writeUInt32LE(names.indexOf(`${NAME}\0`), at);
  headers.writeUInt32LE(SHT.STRTAB, at + 4);
  headers.writeBigUInt64LE(BigInt(offset), at + 24);
  headers.writeBigUInt64LE(BigInt(names.length), at + 32);
  headers.writeBigUInt64LE(1n, at + 48);
}
