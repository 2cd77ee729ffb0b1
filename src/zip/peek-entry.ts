import { readSync } from 'node:fs';
import { constants, inflateRawSync } from 'node:zlib';
import type { ZipEntry } from './read-zip.ts';

/** Fixed part of a local header, bytes (APPNOTE 4.3.7). */
const LOCAL_HEADER_BYTES = 30;

/** Enough compressed bytes for the tables of a first block and some of what follows. */
const PEEK_BYTES = 1024;

/** Room for what usually comes out of that at once. */
const INFLATED_BYTES = 4096;

/** What tools write between a name and the data, so that one reading takes all. */
const USUAL_EXTRA_BYTES = 64;

/**
 * The first bytes of an entry, by reading no more than about a kilobyte of the zip open as `fd`; null when they cannot be
 * read, which says nothing of the entry. Neither sizes nor check sum are looked at.
 */
export function peekEntry(fd: number, entry: ZipEntry): Uint8Array | null {
  if (entry.method !== 0 && entry.method !== 8) return null;
  const guess = LOCAL_HEADER_BYTES + Buffer.byteLength(entry.path) + USUAL_EXTRA_BYTES;
  const whole = readAt(fd, entry.localHeaderOffset, guess + PEEK_BYTES);
  if (whole.length < LOCAL_HEADER_BYTES || whole.readUInt32LE(0) !== 0x04034b50) return null;
  // 26 - file name length, 28 - extra field length
  const start = LOCAL_HEADER_BYTES + whole.readUInt16LE(26) + whole.readUInt16LE(28);
  const length = Math.min(PEEK_BYTES, entry.compressedBytes);
  const isHere = start + length <= whole.length;
  const data = isHere
    ? whole.subarray(start, start + length)
    : readAt(fd, entry.localHeaderOffset + start, length);
  return entry.method === 0 ? data : inflateStart(data);
}

function inflateStart(data: Uint8Array): Uint8Array | null {
  try {
    return inflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: INFLATED_BYTES });
  } catch {
    return null;
  }
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
}
