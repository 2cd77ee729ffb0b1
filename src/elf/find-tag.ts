import type { ElfFile } from './types.ts';

/** The value of a dynamic tag, or null. Of several the last counts, as glibc's `elf_get_dynamic_info` has it. */
export function findTag(elf: ElfFile, tag: number): number | null {
  return elf.dynamic.findLast(entry => entry.tag === tag)?.value ?? null;
}
