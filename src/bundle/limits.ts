/** Content is cut after this many bytes. */
export const CHUNK_BYTES = 32 * 1024 * 1024;

/** Bounds of what is read: more than any tree has, and little enough for the memory of a small Lambda function. */
export const MAX_ENTRIES = 150_000;
export const MAX_CHUNKS = 32_768;
export const MAX_MANIFEST_BYTES = CHUNK_BYTES;
export const MAX_POINTER_BYTES = 4096;

/** The most that zstd makes of `bytes` bytes (ZSTD_compressBound, rounded up). */
export function maxCompressedBytes(bytes: number): number {
  return bytes + Math.ceil(bytes / 256) + 128;
}

/** The SHA-256 of no bytes. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
