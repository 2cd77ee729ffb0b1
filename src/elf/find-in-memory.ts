import { PT } from './constants.ts';
import type { ElfFile } from './types.ts';

/** Where the bytes of a virtual address lie in the file, and how many follow in the same segment. */
export interface FilePlace {
  readonly offset: number;
  /** From `offset` to the end of what the segment loads from the file; at least 1. */
  readonly length: number;
}

/** Turns a virtual address into an offset in the file; null where no `PT_LOAD` loads a byte of the file to it. */
export function findInMemory(elf: ElfFile, vaddr: number): FilePlace | null {
  const segment = elf.segments.find(
    each => each.type === PT.LOAD && vaddr >= each.vaddr && vaddr - each.vaddr < each.filesz,
  );
  if (!segment) return null;
  const offset = segment.offset + (vaddr - segment.vaddr);
  const length = Math.min(segment.offset + segment.filesz, elf.bytes) - offset;
  return length > 0 ? { offset, length } : null;
}
