import { DT, PT } from './constants.ts';
import { countSymbols, symbolBytes } from './count-symbols.ts';
import { findInMemory } from './find-in-memory.ts';
import { findKind } from './find-kind.ts';
import { findTag } from './find-tag.ts';
import { openDynamicStrings } from './read-dynamic-strings.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** One crafted file shall not yield a thousand sentences. */
const MAX_REPORTS = 10;
const VERNEED_BYTES = 16;
const VERDEF_BYTES = 20;

/** A table by the tag of its address, and how many bytes of it must be there. */
type Table = readonly [name: string, address: number, bytes: number | null];

/** What is wrong with the dynamic section: tables that are not in loaded bytes, names that are not in the table of strings. */
export function findDynamicDamage(source: ByteSource, elf: ElfFile): readonly string[] {
  const segment = elf.segments.find(({ type }) => type === PT.DYNAMIC);
  const isLibrary = findKind(elf) === 'shared';
  if (!segment || segment.filesz === 0) return isLibrary ? ['it has no dynamic section'] : [];
  const missing = isLibrary
    ? ([DT.STRTAB, DT.SYMTAB] as const).filter(tag => findTag(elf, tag) === null)
    : [];
  if (missing.length > 0) return ['its dynamic section names no strings or no symbols'];
  const tables = listTables(elf, countSymbols(source, elf).total);
  return [
    ...tables.map(table => checkTable(elf, table)).filter(reason => reason !== null),
    ...checkNames(source, elf),
  ].slice(0, MAX_REPORTS);
}

function listTables(elf: ElfFile, symbols: number | null): readonly Table[] {
  const sized = (address: number, size: number): number | null =>
    findTag(elf, address) === null ? null : (findTag(elf, size) ?? 0);
  return [
    ['table of strings', DT.STRTAB, sized(DT.STRTAB, DT.STRSZ)],
    ['table of symbols', DT.SYMTAB, Math.max(1, symbols ?? 1) * symbolBytes(elf)],
    ['table of symbol versions', DT.VERSYM, Math.max(1, symbols ?? 1) * 2],
    // nbucket and nchain; nbuckets, symoffset, bloom_size and bloom_shift
    ['hash table', DT.HASH, 8],
    ['hash table', DT.GNU_HASH, 16],
    ['table of needed versions', DT.VERNEED, VERNEED_BYTES],
    ['table of defined versions', DT.VERDEF, VERDEF_BYTES],
    ['table of relocations', DT.RELA, sized(DT.RELA, DT.RELASZ)],
    ['table of relocations', DT.REL, sized(DT.REL, DT.RELSZ)],
    ['table of relative relocations', DT.RELR, sized(DT.RELR, DT.RELRSZ)],
    ['table of calls to other libraries', DT.JMPREL, sized(DT.JMPREL, DT.PLTRELSZ)],
    ['list of initializers', DT.INIT_ARRAY, sized(DT.INIT_ARRAY, DT.INIT_ARRAYSZ)],
    ['list of finalizers', DT.FINI_ARRAY, sized(DT.FINI_ARRAY, DT.FINI_ARRAYSZ)],
  ];
}

function checkTable(elf: ElfFile, [name, tag, bytes]: Table): string | null {
  const address = findTag(elf, tag);
  if (address === null || bytes === null || bytes === 0) return null;
  const place = findInMemory(elf, address);
  if (!place) return `its ${name} is not loaded`;
  return place.length < bytes ? `its ${name} ends past what is loaded` : null;
}

const NAMES: Readonly<Record<number, string>> = {
  [DT.NEEDED]: 'the name of a needed library',
  [DT.SONAME]: 'its own name',
  [DT.RPATH]: 'its search path',
  [DT.RUNPATH]: 'its search path',
};

function checkNames(source: ByteSource, elf: ElfFile): readonly string[] {
  const readString = openDynamicStrings(source, elf);
  return elf.dynamic
    .filter(({ tag }) => tag in NAMES)
    .slice(0, MAX_NAMES)
    .filter(({ value }) => readString(value) === null)
    .map(({ tag }) => `${NAMES[tag]} is not in its table of strings`);
}

/** More than any linker writes. */
const MAX_NAMES = 4096;
