import { DT, EM, PT, SHN, SHT, STT } from './constants.ts';
import { readFields } from './fields.ts';
import { findTag } from './find-tag.ts';
import { type MemoryImage, openMemoryImage } from './memory-image.ts';
import type { Range } from './ranges.ts';
import { readFrameTable } from './read-frame-table.ts';
import { readPackedPlaces } from './read-packed-places.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** Relocations whose addend is an address of the file itself. */
const SELF_RELOCATIONS: Readonly<Record<number, readonly number[]>> = {
  [EM.X86_64]: [8, 37, 38], // R_X86_64_RELATIVE, IRELATIVE, RELATIVE64
  [EM.AARCH64]: [1027, 1032], // R_AARCH64_RELATIVE, IRELATIVE
};

/** Tags whose values are sizes, counts, flags and offsets of names; every other one is taken for an address. */
const NO_ADDRESS: ReadonlySet<number> = new Set([
  ...[DT.NEEDED, DT.PLTRELSZ, DT.RELASZ, DT.RELAENT, DT.STRSZ, DT.SYMENT, DT.SONAME, DT.RPATH, DT.RUNPATH],
  ...[DT.PLTREL, DT.RELRSZ, DT.INIT_ARRAYSZ, DT.FINI_ARRAYSZ, DT.FLAGS_1, DT.VERDEFNUM, DT.VERNEEDNUM],
  16, // DT_SYMBOLIC
  21, // DT_DEBUG
  22, // DT_TEXTREL
  24, // DT_BIND_NOW
  30, // DT_FLAGS
  33, // DT_PREINIT_ARRAYSZ
  37, // DT_RELRENT
  0x6ffffff9, // DT_RELACOUNT
  0x6ffffdf8, // DT_CHECKSUM
]);

const RELA_BYTES = 24;
const SYMBOL_BYTES = 24;
const BATCH = 2048;

/** A range of addresses that something in the file points to; `end` is `start` + 1 for a plain pointer. */
type Visit = (start: number, end: number) => void;

/**
 * Calls `visit` for every address that the file is known to refer to: the dynamic section and its tables, the entry
 * point, the places and targets of relocations, the dynamic symbols and the unwind table. Gives the reason where they
 * cannot all be read, so that nothing is proven.
 */
export function visitReferences(source: ByteSource, elf: ElfFile, visit: Visit): string | null {
  const image = openMemoryImage(source, elf);
  if (elf.header.entry !== 0) visit(elf.header.entry, elf.header.entry + 1);
  return (
    visitDynamic(elf, visit) ??
    visitRelocations(elf, image, visit) ??
    visitPackedPlaces(elf, image, visit) ??
    visitSymbols(elf, image, visit) ??
    visitFrames(elf, image, visit)
  );
}

function visitDynamic(elf: ElfFile, visit: Visit): string | null {
  for (const { tag, value } of elf.dynamic) {
    if (!NO_ADDRESS.has(tag)) visit(value, value + 1);
  }
  for (const { start, end } of tablesOf(elf)) visit(start, end);
  return elf.dynamic.some(({ tag }) => tag === DT.REL) ? 'it has relocations without addends' : null;
}

function tablesOf(elf: ElfFile): readonly Range[] {
  const pairs = [
    [DT.STRTAB, DT.STRSZ],
    [DT.RELA, DT.RELASZ],
    [DT.JMPREL, DT.PLTRELSZ],
    [DT.RELR, DT.RELRSZ],
    [DT.INIT_ARRAY, DT.INIT_ARRAYSZ],
    [DT.FINI_ARRAY, DT.FINI_ARRAYSZ],
  ] as const;
  return pairs.flatMap(([at, size]) => {
    const start = findTag(elf, at);
    return start === null ? [] : [{ start, end: start + (findTag(elf, size) ?? 0) }];
  });
}

function visitRelocations(elf: ElfFile, image: MemoryImage, visit: Visit): string | null {
  const selfTypes = SELF_RELOCATIONS[elf.header.machine];
  if (!selfTypes) return 'the relocations of its machine are not known';
  for (const [at, size] of [
    [DT.RELA, DT.RELASZ],
    [DT.JMPREL, DT.PLTRELSZ],
  ] as const) {
    const start = findTag(elf, at) ?? 0;
    const isWhole = visitRows(image, start, findTag(elf, size) ?? 0, RELA_BYTES, (rows, row) => {
      const place = rows.u64(row);
      visit(place, place + 1);
      const target = rows.u64(row + 16);
      if (selfTypes.includes(rows.u32(row + 8))) visit(target, target + 1);
    });
    if (!isWhole) return 'its relocations cannot be read';
  }
  return null;
}

function visitPackedPlaces(elf: ElfFile, image: MemoryImage, visit: Visit): string | null {
  const start = findTag(elf, DT.RELR);
  if (start === null) return null;
  const isWhole = readPackedPlaces(image, start, findTag(elf, DT.RELRSZ) ?? 0, place => {
    visit(place, place + 8);
    const word = image.read(place, 8);
    if (!word) return false;
    const target = readFields(word, true, 64).u64(0);
    visit(target, target + 1);
    return true;
  });
  return isWhole ? null : 'its packed relocations cannot be read';
}

/** Only the section table tells how many dynamic symbols there are without walking the hash chains. */
function visitSymbols(elf: ElfFile, image: MemoryImage, visit: Visit): string | null {
  const start = findTag(elf, DT.SYMTAB);
  if (start === null) return null;
  const section = elf.sections.find(({ type, addr }) => type === SHT.DYNSYM && addr === start);
  if (!section) return 'its section table does not know its symbols';
  visit(start, start + section.size);
  const isWhole = visitRows(image, start, section.size, SYMBOL_BYTES, (rows, row) => {
    const index = rows.u16(row + 6);
    const hasAddress = index !== SHN.UNDEF && index !== SHN.ABS && (rows.u8(row + 4) & 15) !== STT.TLS;
    const value = rows.u64(row + 8);
    if (hasAddress) visit(value, value + Math.max(1, rows.u64(row + 16)));
  });
  return isWhole ? null : 'its dynamic symbols cannot be read';
}

function visitRows(
  image: MemoryImage,
  start: number,
  size: number,
  rowBytes: number,
  onRow: (rows: ReturnType<typeof readFields>, at: number) => void,
): boolean {
  const count = Math.floor(size / rowBytes);
  for (let first = 0; first < count; first += BATCH) {
    const bytes = image.read(start + first * rowBytes, Math.min(BATCH, count - first) * rowBytes);
    if (!bytes) return false;
    const rows = readFields(bytes, true, 64);
    for (let at = 0; at < bytes.length; at += rowBytes) onRow(rows, at);
  }
  return true;
}

function visitFrames(elf: ElfFile, image: MemoryImage, visit: Visit): string | null {
  const segment = elf.segments.find(({ type }) => type === PT.GNU_EH_FRAME);
  if (!segment) return null;
  const isKnown = readFrameTable(image, segment, address => visit(address, address + 1));
  return isKnown ? null : 'its unwind table cannot be read';
}
