import { DT, PT } from './constants.ts';
import { type Fields, readFields } from './fields.ts';
import { readSections } from './read-sections.ts';
import type { ByteSource, DynamicEntry, ElfFile, ElfHeader, Segment } from './types.ts';

export type ElfReading =
  | { readonly ok: true; readonly elf: ElfFile }
  | { readonly ok: false; readonly reason: string };

const IDENT_BYTES = 16;
/** More than any linker writes, few enough to hold in memory. */
const MAX_SEGMENTS = 100_000;
const MAX_DYNAMIC_BYTES = 1 << 20;
const MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** True where the bytes begin as those of an ELF file. */
export function hasElfMagic(source: ByteSource): boolean {
  if (source.size < MAGIC.length) return false;
  const start = source.read(0, MAGIC.length);
  return MAGIC.every((byte, at) => start[at] === byte);
}

/** Reads the tables of an ELF file. Never throws for what the bytes say, and reads no more than the tables. */
export function readElf(source: ByteSource): ElfReading {
  if (!hasElfMagic(source)) return broken('it does not begin as an ELF file');
  if (source.size < IDENT_BYTES) return broken('it ends within its header');
  const [, , , , elfClass, data] = source.read(0, IDENT_BYTES);
  if (elfClass !== 1 && elfClass !== 2) return broken(`its class is ${elfClass}, neither 32 nor 64 bits`);
  if (data !== 1 && data !== 2) return broken(`its byte order is ${data}, neither little nor big endian`);
  const bits = elfClass === 2 ? 64 : 32;
  const headerBytes = bits === 64 ? 64 : 52;
  if (source.size < headerBytes) return broken('it ends within its header');
  const header = readHeader(readFields(source.read(0, headerBytes), data === 1, bits), bits, data === 1);
  return readTables(source, header);
}

function readTables(source: ByteSource, raw: ElfHeader): ElfReading {
  const { sections, problem: sectionProblem, first } = readSections(source, raw);
  // Counts that do not fit 16 bits lie in the first section header (gABI, "Extended numbering").
  const phnum = raw.phnum === 0xffff && first ? first.info : raw.phnum;
  const header = { ...raw, phnum, shnum: sections.length };
  const size = header.bits === 64 ? 56 : 32;
  if (phnum > 0 && header.phentsize !== size) {
    return broken(`its program headers are ${header.phentsize} bytes each, not ${size}`);
  }
  if (phnum > MAX_SEGMENTS) return broken(`it claims ${phnum} program headers`);
  if (phnum > 0 && header.phoff + phnum * size > source.size) {
    return broken(
      `its program headers end at ${header.phoff + phnum * size}, past its end at ${source.size}`,
    );
  }
  const segments = phnum === 0 ? [] : readSegments(source, header);
  const dynamic = readDynamic(source, header, segments);
  return { ok: true, elf: { header, segments, sections, sectionProblem, dynamic, bytes: source.size } };
}

function readHeader(fields: Fields, bits: 32 | 64, littleEndian: boolean): ElfHeader {
  const wide = bits === 64;
  const tail = wide ? 52 : 40;
  return {
    bits,
    littleEndian,
    osAbi: fields.u8(7),
    type: fields.u16(16),
    machine: fields.u16(18),
    entry: fields.word(24),
    phoff: fields.word(wide ? 32 : 28),
    shoff: fields.word(wide ? 40 : 32),
    ehsize: fields.u16(tail),
    phentsize: fields.u16(tail + 2),
    phnum: fields.u16(tail + 4),
    shentsize: fields.u16(tail + 6),
    shnum: fields.u16(tail + 8),
    shstrndx: fields.u16(tail + 10),
  };
}

function readSegments(source: ByteSource, header: ElfHeader): readonly Segment[] {
  const { phoff, phentsize, phnum, littleEndian, bits } = header;
  const fields = readFields(source.read(phoff, phnum * phentsize), littleEndian, bits);
  return Array.from({ length: phnum }, (_, index) => {
    const at = index * phentsize;
    return bits === 64 ? readSegment64(fields, at) : readSegment32(fields, at);
  });
}

function readSegment64(fields: Fields, at: number): Segment {
  return {
    type: fields.u32(at),
    flags: fields.u32(at + 4),
    offset: fields.u64(at + 8),
    vaddr: fields.u64(at + 16),
    paddr: fields.u64(at + 24),
    filesz: fields.u64(at + 32),
    memsz: fields.u64(at + 40),
    align: fields.u64(at + 48),
  };
}

function readSegment32(fields: Fields, at: number): Segment {
  return {
    type: fields.u32(at),
    offset: fields.u32(at + 4),
    vaddr: fields.u32(at + 8),
    paddr: fields.u32(at + 12),
    filesz: fields.u32(at + 16),
    memsz: fields.u32(at + 20),
    flags: fields.u32(at + 24),
    align: fields.u32(at + 28),
  };
}

function readDynamic(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
): readonly DynamicEntry[] {
  const segment = segments.find(({ type }) => type === PT.DYNAMIC);
  if (!segment || segment.offset + segment.filesz > source.size) return [];
  const fields = readFields(
    source.read(segment.offset, Math.min(segment.filesz, MAX_DYNAMIC_BYTES)),
    header.littleEndian,
    header.bits,
  );
  const size = header.bits / 8;
  const entries: DynamicEntry[] = [];
  for (let at = 0; at + 2 * size <= fields.length; at += 2 * size) {
    const entry = { tag: fields.word(at), value: fields.word(at + size) };
    if (entry.tag === DT.NULL) break;
    entries.push(entry);
  }
  return entries;
}

function broken(reason: string): ElfReading {
  return { ok: false, reason };
}
