import { DT } from './constants.ts';
import { findInMemory } from './find-in-memory.ts';
import { findTag } from './find-tag.ts';
import { openStrings, type ReadString } from './open-strings.ts';
import type { ByteSource, ElfFacts, ElfFile } from './types.ts';

/** More than any linker writes; each would be looked for in the whole artifact. */
const MAX_NEEDED = 4096;

/** The table of strings that the dynamic linker reads names from; of a file without one every string is null. */
export function openDynamicStrings(source: ByteSource, elf: ElfFile): ReadString {
  const address = findTag(elf, DT.STRTAB);
  const place = address === null ? null : findInMemory(elf, address);
  if (!place) return () => null;
  const bytes = findTag(elf, DT.STRSZ) ?? place.length;
  return openStrings(source, place.offset, Math.min(bytes, place.length));
}

/** The names that the dynamic section holds: its own, what it needs, and where that is looked for. */
export function readDynamicStrings(
  elf: ElfFile,
  readString: ReadString,
): Pick<ElfFacts, 'soname' | 'needed' | 'rpath' | 'runpath'> {
  const readTag = (tag: number): string | null => {
    const at = findTag(elf, tag);
    return at === null ? null : readString(at);
  };
  const needed = elf.dynamic
    .filter(({ tag }) => tag === DT.NEEDED)
    .slice(0, MAX_NEEDED)
    .map(({ value }) => readString(value))
    .filter(name => name !== null);
  return {
    soname: readTag(DT.SONAME),
    needed,
    rpath: splitPaths(readTag(DT.RPATH)),
    runpath: splitPaths(readTag(DT.RUNPATH)),
  };
}

/** An empty part stands for the working folder, but an empty whole for nothing (glibc's `decompose_rpath`). */
function splitPaths(paths: string | null): readonly string[] {
  return paths ? paths.split(':') : [];
}
