import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeZstdAt } from '../codec/zstd.ts';
import type { MadeChunk, OldChunks, Piece, ReadPiece } from './job-types.ts';
import { chunkKey } from './keys.ts';
import { withPiece } from './read-piece.ts';
import type { BundleChunk } from './types.ts';

/** Read at a time, so that it is hashed while the CPU's cache has it. */
const PART_BYTES = 512 * 1024;

/** Hashes pieces, reading them through `buffer`. Throws `PieceError`. */
export function hashPieces(pieces: readonly Piece[], buffer: Uint8Array): readonly ReadPiece[] {
  return pieces.map(piece => hashPiece(piece, (_, length) => buffer.subarray(0, length)));
}

function hashPiece(piece: Piece, roomFor: (at: number, length: number) => Uint8Array): ReadPiece {
  const hash = createHash('sha256');
  const stamp = withPiece(piece, read => {
    for (let at = 0; at < piece.bytes; at += PART_BYTES) {
      const part = roomFor(at, Math.min(PART_BYTES, piece.bytes - at));
      read(part, at);
      hash.update(part);
    }
  });
  return { sha256: hash.digest('hex'), stamp };
}

/** Makes a chunk of pieces, which `buffer` has room for, or finds it whole in the bundle that is replaced. Throws `PieceError`. */
export async function makeChunk(
  pieces: readonly Piece[],
  level: number,
  buffer: Uint8Array,
  old: OldChunks,
): Promise<MadeChunk> {
  const { read, bytes } = fill(pieces, buffer);
  const raw = buffer.subarray(0, bytes);
  const sha256 = read.length === 1 && read[0] ? read[0].sha256 : sha256Of(raw);
  const known = findOld(sha256, old);
  if (known) return { chunk: known, pieces: read, data: null };
  const data = await encodeZstdAt(raw, level);
  const chunk = { sha256, bytes, compressedBytes: data.length, compressedSha256: sha256Of(data) };
  return { chunk, pieces: read, data };
}

function fill(pieces: readonly Piece[], buffer: Uint8Array) {
  let bytes = 0;
  const read = pieces.map(piece => {
    const start = bytes;
    bytes += piece.bytes;
    return hashPiece(piece, (at, length) => buffer.subarray(start + at, start + at + length));
  });
  return { read, bytes };
}

function findOld(sha256: string, { dir, chunks }: OldChunks): BundleChunk | null {
  const chunk = chunks.get(sha256);
  if (!chunk) return null;
  try {
    const data = readFileSync(join(dir, chunkKey(chunk)));
    return sha256Of(data) === chunk.compressedSha256 ? chunk : null;
  } catch {
    return null;
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
