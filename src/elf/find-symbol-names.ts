import { DT } from './constants.ts';
import { countSymbols, symbolBytes } from './count-symbols.ts';
import { readFields } from './fields.ts';
import { findInMemory } from './find-in-memory.ts';
import { findTag } from './find-tag.ts';
import type { ByteSource, ElfFile } from './types.ts';

const CHUNK_SYMBOLS = 1 << 15;

/** Offsets of the names of the dynamic symbols that the file uses and does not define, or of those that it defines; at most `limit`. */
export function findSymbolNames(
  source: ByteSource,
  elf: ElfFile,
  kind: 'undefined' | 'defined',
  limit: number,
): ReadonlySet<number> {
  const nameOffsets = new Set<number>();
  const address = findTag(elf, DT.SYMTAB);
  const place = address === null ? null : findInMemory(elf, address);
  if (!place) return nameOffsets;
  const size = symbolBytes(elf);
  const { total, firstHashed } = countSymbols(source, elf);
  // What a hash table of GNU lists is defined; what comes before it may be both.
  const known = (kind === 'undefined' ? firstHashed : null) ?? total ?? guessCount(elf, address ?? 0);
  const count = Math.min(known, Math.floor(place.length / size));
  const shndxAt = elf.header.bits === 64 ? 6 : 14;
  for (let first = 0; first < count && nameOffsets.size < limit; first += CHUNK_SYMBOLS) {
    const bytes = source.read(place.offset + first * size, Math.min(CHUNK_SYMBOLS, count - first) * size);
    const fields = readFields(bytes, elf.header.littleEndian, elf.header.bits);
    for (let at = 0; at < fields.length; at += size) {
      if ((fields.u16(at + shndxAt) === 0) === (kind === 'undefined')) nameOffsets.add(fields.u32(at));
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
