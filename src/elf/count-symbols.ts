import { DT, SHT } from './constants.ts';
import { readFields } from './fields.ts';
import { findInMemory } from './find-in-memory.ts';
import { findTag } from './find-tag.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** How many dynamic symbols there are. */
export interface SymbolCount {
  /** Null where no hash table and no section tells. */
  readonly total: number | null;
  /** From this index on `DT_GNU_HASH` lists all, so they are defined; null where it lists none. */
  readonly firstHashed: number | null;
}

const HEADER_BYTES = 16;
const CHUNK_BYTES = 1 << 20;
/** 30 times what libtensorflow_cc has. */
const MAX_BUCKETS = 1 << 24;

/** Counts the dynamic symbols, whose table has no length of its own, by the hash tables that list them. */
export function countSymbols(source: ByteSource, elf: ElfFile): SymbolCount {
  const hashed = countByGnuHash(source, elf);
  const total = countByHash(source, elf) ?? hashed?.total ?? countBySection(elf);
  return { total, firstHashed: hashed?.first ?? null };
}

/** `DT_HASH` begins with nbucket and nchain; there is a chain for every symbol. */
function countByHash(source: ByteSource, elf: ElfFile): number | null {
  return readNumbers(source, elf, findTag(elf, DT.HASH), 2)?.[1] ?? null;
}

function countBySection(elf: ElfFile): number | null {
  const section = elf.sections.find(({ type }) => type === SHT.DYNSYM);
  return section ? Math.floor(section.size / symbolBytes(elf)) : null;
}

/** Bytes of a symbol of the file's class. */
export function symbolBytes(elf: ElfFile): number {
  return elf.header.bits === 64 ? 24 : 16;
}

/** `DT_GNU_HASH`: nbuckets, symoffset, bloom_size, bloom_shift, the bloom filter, the buckets, the chains. */
function countByGnuHash(source: ByteSource, elf: ElfFile): { first: number; total: number } | null {
  const address = findTag(elf, DT.GNU_HASH);
  const header = readNumbers(source, elf, address, 4);
  if (address === null || !header) return null;
  const [buckets = 0, first = 0, bloomWords = 0] = header;
  const bucketsAt = address + HEADER_BYTES + bloomWords * (elf.header.bits / 8);
  const last = findLargest(source, elf, bucketsAt, buckets);
  if (last === null || last < first) return null;
  const length = findChainEnd(source, elf, bucketsAt + 4 * buckets + 4 * (last - first));
  return length === null ? null : { first, total: last + length };
}

/** The largest of `count` numbers; null where they are not all in loaded bytes. */
function findLargest(source: ByteSource, elf: ElfFile, address: number, count: number): number | null {
  const place = findInMemory(elf, address);
  if (!place || count > MAX_BUCKETS || 4 * count > place.length) return null;
  let largest = 0;
  for (let at = 0; at < 4 * count; at += CHUNK_BYTES) {
    const bytes = source.read(place.offset + at, Math.min(CHUNK_BYTES, 4 * count - at));
    const fields = readFields(bytes, elf.header.littleEndian, elf.header.bits);
    for (let index = 0; index < fields.length; index += 4) largest = Math.max(largest, fields.u32(index));
  }
  return largest;
}

/** How many entries a chain has; its last one is odd. Null where it does not end in loaded bytes. */
function findChainEnd(source: ByteSource, elf: ElfFile, address: number): number | null {
  const place = findInMemory(elf, address);
  if (!place) return null;
  // A chain is as long as a bucket is full: a handful. One chunk is far beyond that.
  const bytes = source.read(place.offset, Math.min(CHUNK_BYTES, place.length));
  const fields = readFields(bytes, elf.header.littleEndian, elf.header.bits);
  for (let at = 0; at + 4 <= fields.length; at += 4) if (fields.u32(at) & 1) return at / 4 + 1;
  return null;
}

function readNumbers(
  source: ByteSource,
  elf: ElfFile,
  address: number | null,
  count: number,
): readonly number[] | null {
  const place = address === null ? null : findInMemory(elf, address);
  if (!place || place.length < 4 * count) return null;
  const fields = readFields(source.read(place.offset, 4 * count), elf.header.littleEndian, elf.header.bits);
  return Array.from({ length: count }, (_, index) => fields.u32(4 * index));
}
