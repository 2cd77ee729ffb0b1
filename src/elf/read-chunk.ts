import type { ByteSource } from './types.ts';

/** Bytes of a chunk that is read, used and forgotten before the next one. */
export const CHUNK_BYTES = 1 << 20;

/** Reads at most `CHUNK_BYTES`, into `scratch` where that saves memory; what it gives is valid until `scratch` is used again. */
export function readChunk(
  source: ByteSource,
  scratch: Uint8Array,
  offset: number,
  length: number,
): Uint8Array {
  if (!source.readInto) return source.read(offset, length);
  source.readInto(scratch, offset, length);
  return scratch.subarray(0, length);
}
