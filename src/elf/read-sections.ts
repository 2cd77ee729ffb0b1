import { readFields } from './fields.ts';
import type { ByteSource, ElfHeader, Section } from './types.ts';

export interface SectionTable {
  readonly sections: readonly Section[];
  /** Why there are none although the header names some. */
  readonly problem: string | null;
  /** The first header, which holds the counts that did not fit the file's header. */
  readonly first: Section | null;
}

/** A crafted table could otherwise make every header scan the whole file. */
const MAX_NAME_BYTES = 256;

/** Nor shall it make us hold the whole file. */
const MAX_NAMES_BYTES = 1 << 24;

/** More than any linker writes, few enough to hold in memory. */
const MAX_SECTIONS = 200_000;

/** Reads the section headers. The dynamic linker needs none of them, so a bad table is no bad file. */
export function readSections(source: ByteSource, header: ElfHeader): SectionTable {
  const { shoff, shentsize, bits } = header;
  const size = bits === 64 ? 64 : 40;
  if (shoff === 0) return none(null);
  if (shentsize !== size) return none(`its section headers are ${shentsize} bytes each, not ${size}`);
  if (shoff + size > source.size) return none('its section headers lie past its end');
  const first = readRows(source, header, 1)[0] as Section;
  const count = header.shnum === 0 ? first.size : header.shnum;
  if (count > MAX_SECTIONS) return none(`it claims ${count} sections`, first);
  if (shoff + count * size > source.size) return none('its section headers end past its end', first);
  const rows = readRows(source, header, count);
  const nameIndex = header.shstrndx === 0xffff ? first.link : header.shstrndx;
  return { sections: nameSections(source, rows, rows[nameIndex]), problem: null, first };
}

function readRows(source: ByteSource, header: ElfHeader, count: number): readonly Section[] {
  const { shoff, shentsize, littleEndian, bits } = header;
  const fields = readFields(source.read(shoff, count * shentsize), littleEndian, bits);
  const word = bits / 8;
  return Array.from({ length: count }, (_, index) => {
    const at = index * shentsize;
    const tail = at + 8 + 4 * word;
    return {
      name: '',
      nameOffset: fields.u32(at),
      type: fields.u32(at + 4),
      flags: fields.word(at + 8),
      addr: fields.word(at + 8 + word),
      offset: fields.word(at + 8 + 2 * word),
      size: fields.word(at + 8 + 3 * word),
      link: fields.u32(tail),
      info: fields.u32(tail + 4),
      addralign: fields.word(tail + 8),
      entsize: fields.word(tail + 8 + word),
    };
  });
}

function nameSections(
  source: ByteSource,
  rows: readonly Section[],
  names: Section | undefined,
): readonly Section[] {
  if (!names || names.offset + names.size > source.size) return rows;
  const { buffer, byteOffset, byteLength } = source.read(names.offset, Math.min(names.size, MAX_NAMES_BYTES));
  const table = Buffer.from(buffer, byteOffset, byteLength);
  return rows.map(row => {
    const text = table.subarray(row.nameOffset, row.nameOffset + MAX_NAME_BYTES);
    const end = text.indexOf(0);
    return end < 0 ? row : { ...row, name: text.toString('latin1', 0, end) };
  });
}

function none(problem: string | null, first: Section | null = null): SectionTable {
  return { sections: [], problem, first };
}
