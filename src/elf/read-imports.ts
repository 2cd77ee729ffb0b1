import { compareCodeUnits } from '../util/path.ts';
import { DT } from './constants.ts';
import { countSymbols, symbolBytes } from './count-symbols.ts';
import { readFields } from './fields.ts';
import { findInMemory } from './find-in-memory.ts';
import { findTag } from './find-tag.ts';
import type { ReadString } from './open-strings.ts';
import type { ByteSource, ElfFile } from './types.ts';

const CHUNK_SYMBOLS = 1 << 15;
/** A bound for crafted tables, far beyond the largest real library (libtensorflow_cc imports some thousands). */
const MAX_IMPORTS = 500_000;

/** Names of the dynamic symbols that the file uses and does not define; sorted, each once. */
export function readImports(source: ByteSource, elf: ElfFile, readString: ReadString): readonly string[] {
  const names = new Set<string>();
  // In the order of the string table, so that it is read once from front to back.
  for (const at of [...findUndefined(source, elf)].sort((a, b) => a - b)) {
    const name = readString(at);
    if (name) names.add(name);
  }
  return [...names].sort(compareCodeUnits);
}

/** Offsets of the names of the undefined symbols. */
function findUndefined(source: ByteSource, elf: ElfFile): ReadonlySet<number> {
  const nameOffsets = new Set<number>();
  const address = findTag(elf, DT.SYMTAB);
  const place = address === null ? null : findInMemory(elf, address);
  if (!place) return nameOffsets;
  const size = symbolBytes(elf);
  const { total, firstHashed } = countSymbols(source, elf);
  const known = firstHashed ?? total ?? guessCount(elf, address ?? 0);
  const count = Math.min(known, Math.floor(place.length / size));
  const shndxAt = elf.header.bits === 64 ? 6 : 14;
  for (let first = 0; first < count && nameOffsets.size < MAX_IMPORTS; first += CHUNK_SYMBOLS) {
    const bytes = source.read(place.offset + first * size, Math.min(CHUNK_SYMBOLS, count - first) * size);
    const fields = readFields(bytes, elf.header.littleEndian, elf.header.bits);
    for (let at = 0; at < fields.length; at += size) {
      if (fields.u16(at + shndxAt) === 0) nameOffsets.add(fields.u32(at));
    }
  }
  return nameOffsets;
}

/** A library that exports nothing and has no sections: its symbols go on to the next table at most. */
function guessCount(elf: ElfFile, address: number): number {
  const tables = new Set<number>([DT.HASH, DT.STRTAB, DT.RELA, DT.REL, DT.GNU_HASH, DT.VERSYM, DT.JMPREL]);
  const next = elf.dynamic.filter(({ tag, value }) => tables.has(tag) && value > address);
  const end = next.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
  return Number.isFinite(end) ? Math.floor((end - address) / symbolBytes(elf)) : 0;
}
