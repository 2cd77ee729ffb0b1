/**
 * Libraries are cut into parts of this many bytes, each compressed by itself, so that they inflate in parallel and in
 * bounded memory. A multiple of 4, so that no arm64 instruction is cut.
 */
export const CHUNK_BYTES = 16 * 1024 * 1024;

/** Largest chunk that is accepted of an artifact that something else made. */
export const MAX_CHUNK_BYTES = 64 * 1024 * 1024;

export interface ChunkRange {
  readonly offset: number;
  readonly bytes: number;
}

/** Cuts a file of `bytes` bytes. */
export function listChunks(bytes: number): readonly ChunkRange[] {
  const count = Math.ceil(bytes / CHUNK_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const offset = index * CHUNK_BYTES;
    return { offset, bytes: Math.min(CHUNK_BYTES, bytes - offset) };
  });
}
