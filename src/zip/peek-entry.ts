import { readSync } from 'node:fs';
import { constants, inflateRawSync } from 'node:zlib';
import type { ZipEntry } from './read-zip.ts';

/** Fixed part of a local header, bytes (APPNOTE 4.3.7). */
const LOCAL_HEADER_BYTES = 30;

/** Enough compressed bytes for the tables of a first block and some of what follows. */
const PEEK_BYTES = 1024;

/**
 * The first bytes of an entry, by reading no more than about a kilobyte of the zip open as `fd`; null when they cannot be
 * read, which says nothing of the entry. Neither sizes nor check sum are looked at.
 */
export function peekEntry(fd: number, entry: ZipEntry): Uint8Array | null {
  if (entry.method !== 0 && entry.method !== 8) return null;
  const header = readAt(fd, entry.localHeaderOffset, LOCAL_HEADER_BYTES);
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== 0x04034b50) return null;
  // 26 - file name length, 28 - extra field length
  const start =
    entry.localHeaderOffset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const data = readAt(fd, start, Math.min(PEEK_BYTES, entry.compressedBytes));
  return entry.method === 0 ? data : inflateStart(data);
}

function inflateStart(data: Uint8Array): Uint8Array | null {
  try {
    return inflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
}
