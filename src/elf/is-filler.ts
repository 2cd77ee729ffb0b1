import { PT } from './constants.ts';
import type { Gap } from './find-gaps.ts';
import type { ByteSource, ElfFile, Segment } from './types.ts';

/** What patchelf writes over the sections that it moved elsewhere: `X`, or `Z` in newer ones. */
const X = 0x58;
const Z = 0x5a;
const CHUNK_BYTES = 1 << 20;

/**
 * True where the bytes of a gap are no data: even a program that knew of them would learn nothing from them. A segment of
 * a library that nobody claims may also hold stale tables beside, as patchelf 0.19 leaves its former section headers.
 */
export function isFiller(source: ByteSource, elf: ElfFile, gap: Gap): boolean {
  const { vaddr, offset, filesz } = elf.segments[gap.segment] as Segment;
  const start = offset + (gap.start - vaddr);
  const end = offset + Math.min(gap.end - vaddr, filesz);
  const { letters, others } = countBytes(source, start, end);
  if (others === 0) return true;
  const isProgram = elf.segments.some(({ type }) => type === PT.INTERP);
  return gap.place === 'all' && !isProgram && letters * 4 >= (end - start) * 3;
}

function countBytes(source: ByteSource, start: number, end: number): { letters: number; others: number } {
  let letters = 0;
  let others = 0;
  for (let at = start; at < end; at += CHUNK_BYTES) {
    const bytes = source.read(at, Math.min(CHUNK_BYTES, end - at));
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index];
      if (byte === X || byte === Z) letters++;
      else if (byte !== 0) others++;
    }
  }
  return { letters, others };
}
