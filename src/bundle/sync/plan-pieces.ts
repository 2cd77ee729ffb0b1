import type { BundleFile, BundleManifest } from '../types.ts';

/** A stretch of a chunk and where in a file it belongs. */
export interface Piece {
  readonly file: BundleFile;
  /** Bytes into the uncompressed chunk. */
  readonly from: number;
  readonly bytes: number;
  /** Bytes into the file. */
  readonly to: number;
}

/** The pieces of a file, by index of the chunk. */
export function cutPieces(file: BundleFile, chunks: BundleManifest['chunks']): ReadonlyMap<number, Piece> {
  const pieces = new Map<number, Piece>();
  let [chunk, from, to] = [file.chunk, file.offset, 0];
  while (to < file.bytes) {
    const bytes = Math.min((chunks[chunk]?.bytes ?? 0) - from, file.bytes - to);
    if (bytes <= 0) throw new RangeError(`${file.path} goes beyond the chunks`);
    pieces.set(chunk, { file, from, bytes, to });
    to += bytes;
    chunk++;
    from = 0;
  }
  return pieces;
}

/** Which chunks to fetch, in their order, and what to write of each. Of a file that was begun, those in `done` are not wanted again. */
export function planPieces(
  { chunks }: BundleManifest,
  wanted: readonly { readonly file: BundleFile; readonly begun: boolean }[],
  done: ReadonlySet<number>,
): ReadonlyMap<number, readonly Piece[]> {
  const plan = new Map<number, Piece[]>();
  for (const { file, begun } of wanted)
    for (const [chunk, piece] of cutPieces(file, chunks)) {
      if (begun && done.has(chunk)) continue;
      const pieces = plan.get(chunk) ?? [];
      pieces.push(piece);
      plan.set(chunk, pieces);
    }
  return new Map([...plan].sort(([a], [b]) => a - b));
}
