import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;

/** Passes a range of a file on in chunks, which are only valid until `write` is done; false when the file ends before. */
export async function copyRange(
  file: FileHandle,
  offset: number,
  bytes: number,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<boolean> {
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, bytes));
  let copied = 0;
  while (copied < bytes) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, bytes - copied), offset + copied);
    if (bytesRead === 0) return false;
    await write(chunk.subarray(0, bytesRead));
    copied += bytesRead;
  }
  return true;
}
