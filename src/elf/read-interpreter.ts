import { PT } from './constants.ts';
import { openStrings } from './open-strings.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** The dynamic linker that an executable names, such as `/lib64/ld-linux-x86-64.so.2`; null for a library. */
export function readInterpreter(source: ByteSource, elf: ElfFile): string | null {
  const segment = elf.segments.find(({ type }) => type === PT.INTERP);
  if (!segment || segment.offset + segment.filesz > source.size) return null;
  return openStrings(source, segment.offset, segment.filesz)(0);
}
