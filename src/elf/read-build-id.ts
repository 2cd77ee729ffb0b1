import { PT, SHT } from './constants.ts';
import { type Fields, readFields } from './fields.ts';
import type { ByteSource, ElfFile } from './types.ts';

const NT_GNU_BUILD_ID = 3;
const MAX_NOTES_BYTES = 1 << 16;
const MAX_TABLES = 64;

/** The build id that the linker wrote, in hex, or null. */
export function readBuildId(source: ByteSource, elf: ElfFile): string | null {
  const segments = elf.segments.filter(({ type }) => type === PT.NOTE);
  const sections = elf.sections.filter(({ type }) => type === SHT.NOTE);
  const tables = [
    ...segments.map(({ offset, filesz, align }) => ({ offset, bytes: filesz, align })),
    ...sections.map(({ offset, size, addralign }) => ({ offset, bytes: size, align: addralign })),
  ];
  for (const { offset, bytes, align } of tables.slice(0, MAX_TABLES)) {
    if (offset + bytes > source.size) continue;
    const notes = source.read(offset, Math.min(bytes, MAX_NOTES_BYTES));
    const id = findBuildId(notes, readFields(notes, elf.header.littleEndian, elf.header.bits), align);
    if (id) return id;
  }
  return null;
}

/** A note: n_namesz, n_descsz, n_type, the name and the description, each filled up to the alignment. */
function findBuildId(notes: Uint8Array, fields: Fields, align: number): string | null {
  const unit = align === 8 ? 8 : 4;
  const fill = (bytes: number): number => Math.ceil(bytes / unit) * unit;
  for (let at = 0; at + 12 <= fields.length; ) {
    const nameBytes = fields.u32(at);
    const idBytes = fields.u32(at + 4);
    const idAt = at + fill(12 + nameBytes);
    const isBuildId = fields.u32(at + 8) === NT_GNU_BUILD_ID && idBytes > 0 && idAt + idBytes <= notes.length;
    const name = Buffer.from(notes.subarray(at + 12, at + 12 + Math.min(nameBytes, 4))).toString('latin1');
    if (isBuildId && name === 'GNU\0')
      return Buffer.from(notes.subarray(idAt, idAt + idBytes)).toString('hex');
    at = idAt + fill(idBytes);
  }
  return null;
}
