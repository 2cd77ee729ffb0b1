import { findInMemory } from './find-in-memory.ts';
import { readChunk } from './read-chunk.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** The bytes of a file by the address at which they will lie in memory, before relocation. */
export interface MemoryImage {
  /** Null where they do not all come from one segment's bytes. What it gives is valid until the next call. */
  read(address: number, bytes: number): Uint8Array | null;
}

const WINDOW_BYTES = 1 << 16;

/** Reads memory in windows, so that reads that lie near one another cost one read of the file. */
export function openMemoryImage(source: ByteSource, elf: ElfFile): MemoryImage {
  const memory = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, source.size));
  let window: { readonly start: number; readonly bytes: Uint8Array } = { start: 0, bytes: new Uint8Array() };
  const read = (address: number, bytes: number): Uint8Array | null => {
    const place = findInMemory(elf, address);
    if (!place || place.length < bytes) return null;
    const { offset } = place;
    if (bytes > WINDOW_BYTES) return source.read(offset, bytes);
    if (offset < window.start || offset + bytes > window.start + window.bytes.length) {
      const length = Math.min(WINDOW_BYTES, source.size - offset);
      window = { start: offset, bytes: readChunk(source, memory, offset, length) };
    }
    return window.bytes.subarray(offset - window.start, offset - window.start + bytes);
  };
  return { read };
}
