import { DT, EM } from './constants.ts';
import { readFields } from './fields.ts';
import { findInMemory } from './find-in-memory.ts';
import { findTag } from './find-tag.ts';
import { type MemoryImage, openMemoryImage } from './memory-image.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** `R_X86_64_RELATIVE`, `R_AARCH64_RELATIVE`. */
const RELATIVE: Readonly<Record<number, number>> = { [EM.X86_64]: 8, [EM.AARCH64]: 1027 };

const RELA_BYTES = 24;
/** Bounds for crafted files; addons have some thousands of relocations. */
const MAX_RELOCATIONS = 1_000_000;
const MAX_TEXT_BYTES = 1024;
const MAX_ABI = 9999;

/**
 * Offsets in `struct node_module` of node.h: int nm_version, unsigned nm_flags, void* nm_dso_handle, const char* nm_filename,
 * two functions, const char* nm_modname.
 */
const FILENAME_AT = 16;
const MODNAME_AT = 40;

/**
 * The `nm_version` of the `struct node_module` that `NODE_MODULE` makes. Nothing names it in a stripped file, so it is found by
 * its form: a version, pointers to the name of a C++ source file and to an identifier. Null where none or more than one is found.
 */
export function findNodeModule(source: ByteSource, elf: ElfFile): number | null {
  if (elf.header.bits !== 64 || !elf.header.littleEndian) return null;
  const image = openMemoryImage(source, elf);
  const pointers = readPointers(elf, image);
  const versions = new Set<number>();
  for (const [place, filename] of pointers) {
    const start = place - FILENAME_AT;
    const modname = pointers.get(start + MODNAME_AT);
    if (modname === undefined) continue;
    const version = readVersion(image, start);
    if (version === null || !/^[^\0]+\.(?:c|cc|cpp|cxx|mm)$/i.test(readText(source, elf, filename))) continue;
    if (/^\w+$/.test(readText(source, elf, modname))) versions.add(version);
  }
  const [version = null] = versions;
  return versions.size === 1 ? version : null;
}

/** What the dynamic linker will write where: places in memory and the addresses in the file itself that they point to. */
function readPointers(elf: ElfFile, image: MemoryImage): ReadonlyMap<number, number> {
  const pointers = new Map<number, number>();
  const start = findTag(elf, DT.RELA);
  const count = Math.min(MAX_RELOCATIONS, Math.floor((findTag(elf, DT.RELASZ) ?? 0) / RELA_BYTES));
  for (let index = 0; start !== null && index < count; index++) {
    const row = image.read(start + index * RELA_BYTES, RELA_BYTES);
    if (!row) break;
    const fields = readFields(row, true, 64);
    if (fields.u32(8) === RELATIVE[elf.header.machine]) pointers.set(fields.u64(0), fields.u64(16));
  }
  return pointers;
}

function readVersion(image: MemoryImage, start: number): number | null {
  const bytes = image.read(start, FILENAME_AT);
  if (!bytes) return null;
  const fields = readFields(bytes, true, 64);
  const version = fields.u32(0);
  return version > 0 && version <= MAX_ABI && fields.u64(8) === 0 ? version : null;
}

function readText(source: ByteSource, elf: ElfFile, address: number): string {
  const place = findInMemory(elf, address);
  if (!place) return '';
  const bytes = source.read(place.offset, Math.min(MAX_TEXT_BYTES, place.length));
  const end = bytes.indexOf(0);
  return end < 0 ? '' : Buffer.from(bytes.subarray(0, end)).toString('latin1');
}
