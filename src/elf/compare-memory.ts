import { PAGE_BYTES, PT } from './constants.ts';
import { contains, type Range, subtractRanges } from './ranges.ts';
import { CHUNK_BYTES, readChunk } from './read-chunk.ts';
import type { ByteSource, ElfFile, Segment } from './types.ts';

export interface MemoryDifference {
  /** Bytes that somebody may read, and that are gone, changed or loaded in another way. */
  readonly problems: readonly string[];
  /** Addresses of the original that are not mapped any more, or hold something else, and that nobody claims. */
  readonly doubts: readonly Range[];
}

interface Side {
  readonly source: ByteSource;
  readonly loads: readonly Segment[];
}

/** A range of addresses that lies in one segment on either side. */
interface Piece extends Range {
  readonly before: Segment;
  readonly after: Segment;
}

/** Used again by every chunk; nothing here waits, so no two comparisons run at once. */
const SCRATCH = { before: Buffer.allocUnsafe(CHUNK_BYTES), after: Buffer.allocUnsafe(CHUNK_BYTES) };

/** Addresses of the original that need not be as they were. */
export interface Tolerance {
  /** Of the file's own headers. */
  readonly headers: readonly Range[];
  /** That may not be mapped any more. */
  readonly removable: readonly Range[];
  /** That may hold anything. */
  readonly unread: readonly Range[];
}

/** Compares what is loaded where, byte by byte, zeros after the bytes included. */
export function compareMemory(original: Side, stripped: Side, tolerance: Tolerance): MemoryDifference {
  const problems: string[] = [];
  const doubts: Range[] = [];
  const mapped = stripped.loads.map(({ vaddr, memsz }) => ({ start: vaddr, end: vaddr + memsz }));
  for (const before of original.loads) {
    const memory = { start: before.vaddr, end: before.vaddr + before.memsz };
    for (const lost of subtractRanges(memory, mapped)) {
      if (tolerance.removable.some(gap => contains(gap, lost))) doubts.push(lost);
      else problems.push(`address ${hex(lost.start)} is not loaded any more`);
    }
    for (const piece of findPieces(before, memory, stripped.loads)) {
      const { after } = piece;
      if (before.flags !== after.flags || before.align !== after.align) {
        problems.push(`address ${hex(piece.start)} is loaded with other flags or alignment`);
      }
      const found = judgeChanges(original.source, stripped.source, piece, tolerance);
      problems.push(...found.problems);
      doubts.push(...found.doubts);
    }
  }
  return { problems: [...problems, ...findGrown(original.loads, stripped.loads)], doubts };
}

/** Memory that was not asked for before, beyond the last page. */
function findGrown(before: readonly Segment[], after: readonly Segment[]): readonly string[] {
  const mapped = before.map(({ vaddr, memsz }) => ({ start: vaddr, end: toPage(vaddr + memsz) }));
  return after.flatMap(({ vaddr, memsz }) =>
    subtractRanges({ start: vaddr, end: vaddr + memsz }, mapped).map(
      ({ start }) => `address ${hex(start)} is loaded now`,
    ),
  );
}

function toPage(address: number): number {
  return Math.ceil(address / PAGE_BYTES) * PAGE_BYTES;
}

/** Tells the changed bytes of a piece apart: those that may change, those that nobody claims, and damage. */
function judgeChanges(a: ByteSource, b: ByteSource, piece: Piece, tolerance: Tolerance): MemoryDifference {
  const { headers, unread } = tolerance;
  const differs = (range: Range): boolean => !isSame(a, b, { ...piece, ...range });
  const changed = findChangedChunks(a, b, piece);
  const damaged = changed.flatMap(chunk => subtractRanges(chunk, [...headers, ...unread])).filter(differs);
  const doubts = changed
    .flatMap(chunk => unread.map(gap => intersect(gap, chunk)))
    .flatMap(range => subtractRanges(range, headers))
    .filter(differs);
  const problems = damaged.slice(0, 1).map(range => {
    const at = findDifference(a, b, { ...piece, ...range });
    return `the byte at address ${hex(range.start + at)} changed`;
  });
  return { problems, doubts };
}

function findDifference(a: ByteSource, b: ByteSource, piece: Piece): number {
  const after = readMemory(b, piece.after, piece, SCRATCH.after);
  return readMemory(a, piece.before, piece, SCRATCH.before).findIndex((byte, at) => byte !== after[at]);
}

function intersect(a: Range, b: Range): Range {
  const start = Math.max(a.start, b.start);
  return { start, end: Math.max(start, Math.min(a.end, b.end)) };
}

function findPieces(before: Segment, memory: Range, loads: readonly Segment[]): readonly Piece[] {
  return loads.flatMap(after => {
    const start = Math.max(memory.start, after.vaddr);
    const end = Math.min(memory.end, after.vaddr + after.memsz);
    return start < end ? [{ start, end, before, after }] : [];
  });
}

/** The chunks of a piece that differ. What is zero on both sides, as `.bss` is, is not looked at. */
function findChangedChunks(a: ByteSource, b: ByteSource, piece: Piece): readonly Range[] {
  const end = Math.min(piece.end, Math.max(bytesEnd(piece.before), bytesEnd(piece.after)));
  const changed: Range[] = [];
  for (let start = piece.start; start < end; start += CHUNK_BYTES) {
    const chunk = { start, end: Math.min(end, start + CHUNK_BYTES) };
    if (!isSame(a, b, { ...piece, ...chunk })) changed.push(chunk);
  }
  return changed;
}

function isSame(a: ByteSource, b: ByteSource, piece: Piece): boolean {
  const mine = readMemory(a, piece.before, piece, SCRATCH.before);
  return Buffer.compare(mine, readMemory(b, piece.after, piece, SCRATCH.after)) === 0;
}

function bytesEnd({ vaddr, filesz }: Segment): number {
  return vaddr + filesz;
}

function readMemory(
  source: ByteSource,
  load: Segment,
  { start, end }: Range,
  scratch: Uint8Array,
): Uint8Array {
  const offset = load.offset + (start - load.vaddr);
  const fromFile = Math.max(0, Math.min(end, bytesEnd(load), load.vaddr + source.size - load.offset) - start);
  const bytes = fromFile > 0 ? readChunk(source, scratch, offset, fromFile) : new Uint8Array();
  if (fromFile === end - start) return bytes;
  const padded = Buffer.alloc(end - start);
  padded.set(bytes);
  return padded;
}

/** The segments of a file that are loaded. */
export function loadsOf({ segments }: ElfFile): readonly Segment[] {
  return segments.filter(({ type }) => type === PT.LOAD);
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
