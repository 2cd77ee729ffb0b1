import { DT } from './constants.ts';
import { type Fields, readFields } from './fields.ts';
import { findInMemory } from './find-in-memory.ts';
import { findTag } from './find-tag.ts';
import type { ReadString } from './open-strings.ts';
import type { ByteSource, ElfFile, VersionNeed } from './types.ts';

/** Bounds what a crafted table can cost; libc itself defines about 40 versions. */
const MAX_TABLE_BYTES = 1 << 20;
const MAX_ENTRIES = 10_000;
const VERNEED_BYTES = 16;
const VERDEF_BYTES = 20;
const WEAK = 2;
const BASE = 1;

/** What the file asks of each library by version. Weak needs are left out: the dynamic linker goes on without them. */
export function readVersionNeeds(
  source: ByteSource,
  elf: ElfFile,
  readString: ReadString,
): readonly VersionNeed[] {
  const table = readTable(source, elf, DT.VERNEED);
  if (!table) return [];
  const budget = { entries: MAX_ENTRIES };
  const needs: VersionNeed[] = [];
  for (const at of walk(table, 0, VERNEED_BYTES, 12, budget)) {
    // vn_file, vn_aux; of each vna: vna_flags, vna_name
    const library = readString(table.u32(at + 4));
    const versions = [...walk(table, at + table.u32(at + 8), 16, 12, budget)]
      .filter(aux => (table.u16(aux + 4) & WEAK) === 0)
      .map(aux => readString(table.u32(aux + 8)))
      .filter(name => name !== null);
    if (library !== null && versions.length > 0) needs.push({ library, versions });
  }
  return needs;
}

/** The versions that the file defines for others, without the one that is but its own name. */
export function readVersionDefinitions(
  source: ByteSource,
  elf: ElfFile,
  readString: ReadString,
): readonly string[] {
  const table = readTable(source, elf, DT.VERDEF);
  if (!table) return [];
  const names: (string | null)[] = [];
  for (const at of walk(table, 0, VERDEF_BYTES, 16, { entries: MAX_ENTRIES })) {
    // vd_flags, vd_aux; the first auxiliary entry names the version, the others its parents
    const aux = at + table.u32(at + 12);
    if ((table.u16(at + 2) & BASE) === 0 && aux + 8 <= table.length) names.push(readString(table.u32(aux)));
  }
  return names.filter(name => name !== null);
}

function readTable(source: ByteSource, elf: ElfFile, tag: number): Fields | null {
  const address = findTag(elf, tag);
  const place = address === null ? null : findInMemory(elf, address);
  if (!place) return null;
  const bytes = source.read(place.offset, Math.min(place.length, MAX_TABLE_BYTES));
  return readFields(bytes, elf.header.littleEndian, elf.header.bits);
}

/** Offsets of the entries of a chain, each of which says at `next` how far the following one is, 0 in the last. */
function* walk(
  table: Fields,
  start: number,
  bytes: number,
  next: number,
  budget: { entries: number },
): Generator<number> {
  for (let at = start; at + bytes <= table.length && budget.entries > 0; budget.entries--) {
    yield at;
    const step = table.u32(at + next);
    if (step === 0) return;
    at += step;
  }
}
