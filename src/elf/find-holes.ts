import { PAGE_BYTES, SHT } from './constants.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** More zeros than this are not counted. */
const MAX_READ_BYTES = 1 << 27;
const CHUNK_BYTES = 1 << 20;
const ZEROS = Buffer.alloc(PAGE_BYTES);

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bytes of whole pages of zeros that nothing in the file's tables refers to: room that a linker or a tool left. */
export function findHoles(source: ByteSource, elf: ElfFile): number {
  let holes = 0;
  let left = MAX_READ_BYTES;
  for (const { start, end } of findGaps(elf)) {
    const first = Math.ceil(start / PAGE_BYTES) * PAGE_BYTES;
    const last = Math.min(Math.floor(end / PAGE_BYTES) * PAGE_BYTES, first + left);
    for (let at = first; at < last; at += CHUNK_BYTES) {
      holes += countZeroPages(source.read(at, Math.min(CHUNK_BYTES, last - at)));
    }
    left -= Math.max(0, last - first);
  }
  return holes;
}

/** Ranges of the file that no header, segment or section covers. */
function findGaps(elf: ElfFile): readonly Range[] {
  const gaps: Range[] = [];
  let covered = 0;
  for (const { start, end } of [...coveredRanges(elf)].sort((a, b) => a.start - b.start)) {
    if (start > covered) gaps.push({ start: covered, end: Math.min(start, elf.bytes) });
    covered = Math.max(covered, end);
    if (covered >= elf.bytes) break;
  }
  return gaps;
}

function coveredRanges(elf: ElfFile): readonly Range[] {
  const { header, segments, sections } = elf;
  const range = (start: number, bytes: number): Range => ({ start, end: start + bytes });
  return [
    range(0, header.ehsize),
    range(header.phoff, header.phnum * header.phentsize),
    range(header.shoff, sections.length * header.shentsize),
    ...segments.map(({ offset, filesz }) => range(offset, filesz)),
    ...sections.filter(({ type }) => type !== SHT.NOBITS).map(({ offset, size }) => range(offset, size)),
  ];
}

function countZeroPages(bytes: Uint8Array): number {
  let zeros = 0;
  for (let at = 0; at + PAGE_BYTES <= bytes.length; at += PAGE_BYTES) {
    if (ZEROS.equals(bytes.subarray(at, at + PAGE_BYTES))) zeros += PAGE_BYTES;
  }
  return zeros;
}
