import { findDynamicDamage } from './find-dynamic-damage.ts';
import { findKind } from './find-kind.ts';
import { findSegmentDamage } from './find-segment-damage.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** Why the file cannot be loaded, in words: each is something that glibc refuses, or reads and crashes. Empty for a sound file. */
export function findDamage(source: ByteSource, elf: ElfFile): readonly string[] {
  const kind = findKind(elf);
  if (kind !== 'shared' && kind !== 'executable') return [];
  return [...findSegmentDamage(elf), ...findDynamicDamage(source, elf)];
}
