import { compareCodeUnits } from '../util/path.ts';
import { DT, PT, SHF, SHT } from './constants.ts';
import { findInMemory } from './find-in-memory.ts';
import { findTag } from './find-tag.ts';
import type { ByteSource, ElfFile } from './types.ts';

const MAX_NAMES = 100;
/** What is searched of one file; the read-only data of the largest real library, TensorFlow, is about that much. */
const MAX_SEARCHED_BYTES = 1 << 27;
const CHUNK_BYTES = 1 << 20;
const MAX_NAME_BYTES = 255;
/** So that no name is cut in two between chunks. */
const OVERLAP_BYTES = 512;
const PF_X = 1;
const PF_W = 2;

interface Range {
  readonly offset: number;
  readonly bytes: number;
}

/** Names like `libcuda.so.1` among the constants of a file that imports `dlopen`; sorted, each once, at most 100. */
export function findLoadedNames(
  source: ByteSource,
  elf: ElfFile,
  imports: readonly string[],
): readonly string[] {
  if (!imports.includes('dlopen') && !imports.includes('dlmopen')) return [];
  const names = new Set<string>();
  let left = MAX_SEARCHED_BYTES;
  for (const { offset, bytes } of findConstants(elf)) {
    const end = Math.min(offset + bytes, source.size, offset + left);
    for (let at = offset; at < end && names.size < MAX_NAMES; at += CHUNK_BYTES) {
      const chunk = source.read(at, Math.min(CHUNK_BYTES + OVERLAP_BYTES, end - at));
      collectNames(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), names);
    }
    left -= Math.max(0, end - offset);
  }
  return [...names].sort(compareCodeUnits).slice(0, MAX_NAMES);
}

/** The `.rodata` sections; of a file without sections, all that is loaded read-only but the dynamic strings, code last. */
function findConstants(elf: ElfFile): readonly Range[] {
  const sections = elf.sections.filter(
    ({ name, type, flags }) => name.startsWith('.rodata') && type === SHT.PROGBITS && flags % 4 >= SHF.ALLOC,
  );
  if (sections.length > 0) return sections.map(({ offset, size }) => ({ offset, bytes: size }));
  return elf.segments
    .filter(({ type, flags }) => type === PT.LOAD && (flags & PF_W) === 0)
    .sort((a, b) => (a.flags & PF_X) - (b.flags & PF_X))
    .flatMap(({ offset, filesz }) => cutOut({ offset, bytes: filesz }, findDynamicStrings(elf)));
}

/** Names in there are those of needed libraries. */
function findDynamicStrings(elf: ElfFile): Range {
  const place = findInMemory(elf, findTag(elf, DT.STRTAB) ?? -1);
  if (!place) return { offset: 0, bytes: 0 };
  return { offset: place.offset, bytes: Math.min(place.length, findTag(elf, DT.STRSZ) ?? 0) };
}

function cutOut(from: Range, part: Range): readonly Range[] {
  const end = from.offset + from.bytes;
  const partEnd = part.offset + part.bytes;
  if (part.bytes === 0 || part.offset >= end || partEnd <= from.offset) return [from];
  return [
    { offset: from.offset, bytes: Math.max(0, part.offset - from.offset) },
    { offset: partEnd, bytes: Math.max(0, end - partEnd) },
  ];
}

/** Whole strings only: a name that text leads up to is part of a message. Each byte is looked at a few times at most. */
function collectNames(chunk: Buffer, names: Set<string>): void {
  let done = 0;
  for (let at = chunk.indexOf('.so'); at >= 0 && names.size < MAX_NAMES; at = chunk.indexOf('.so', done)) {
    let start = at;
    while (start > done && isPrintable(chunk[start - 1])) start--;
    done = at;
    while (isPrintable(chunk[done])) done++;
    if (chunk[done] !== 0 || done - start > MAX_NAME_BYTES) continue;
    const name = chunk.toString('latin1', start, done);
    if (/^lib[\w.+-]*\.so(?:\.[\w.]+)?$/.test(name)) names.add(name);
  }
}

function isPrintable(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x20 && byte < 0x7f;
}
