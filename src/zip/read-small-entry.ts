import { readSync } from 'node:fs';
import { promisify } from 'node:util';
import { crc32, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import type { ZipEntry } from './read-zip.ts';

/** Fixed part of a local header, bytes (APPNOTE 4.3.7). */
const LOCAL_HEADER_BYTES = 30;

/** Where the output fills its room, zlib takes as much room again to look for more. */
const SPARE_BYTES = 64;

const inflateOnThread = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);

export type SmallEntry =
  | { readonly ok: true; readonly bytes: Buffer }
  /** `reason` as in "it cannot be inflated". */
  | { readonly ok: false; readonly reason: string };

/**
 * All bytes of an entry that claims at most `maxBytes`, from the zip open as `fd`; no more memory than that is taken, whatever
 * the entry holds. One that claims more is null. Sizes and check sum are verified.
 */
export function readSmallEntry(fd: number, entry: ZipEntry, maxBytes: number): SmallEntry | null {
  const data = readData(fd, entry, maxBytes);
  if (!Buffer.isBuffer(data)) return data;
  try {
    return verify(entry, entry.method === 0 ? data : inflateRawSync(data, optionsFor(entry)));
  } catch {
    return BROKEN;
  }
}

/** The same for larger ones: they are inflated on another thread. */
export async function readWholeEntry(
  fd: number,
  entry: ZipEntry,
  maxBytes: number,
): Promise<SmallEntry | null> {
  const data = readData(fd, entry, maxBytes);
  if (!Buffer.isBuffer(data)) return data;
  try {
    return verify(entry, entry.method === 0 ? data : await inflateOnThread(data, optionsFor(entry)));
  } catch {
    return BROKEN;
  }
}

const BROKEN = { ok: false, reason: 'it cannot be inflated to the bytes that it claims' } as const;

/** As they lie in the zip. */
function readData(fd: number, entry: ZipEntry, maxBytes: number): Buffer | SmallEntry | null {
  const isPossible = entry.method === 0 ? entry.compressedBytes === entry.bytes : entry.method === 8;
  if (entry.bytes > maxBytes || !isPossible || entry.compressedBytes > 2 * maxBytes + 1024) return null;
  const header = readAt(fd, entry.localHeaderOffset, LOCAL_HEADER_BYTES);
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== 0x04034b50)
    return { ok: false, reason: 'its local header is not where the directory says' };
  // 26 - file name length, 28 - extra field length
  const skipped = LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const data = readAt(fd, entry.localHeaderOffset + skipped, entry.compressedBytes);
  return data.length < entry.compressedBytes ? { ok: false, reason: 'its data is cut short' } : data;
}

function verify(entry: ZipEntry, bytes: Buffer): SmallEntry {
  if (bytes.length !== entry.bytes) return BROKEN;
  return crc32(bytes) === entry.crc32
    ? { ok: true, bytes }
    : { ok: false, reason: 'it does not match its check sum' };
}

function optionsFor({ bytes }: ZipEntry): ZlibOptions {
  return { maxOutputLength: Math.max(bytes, 1), chunkSize: bytes + SPARE_BYTES };
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
}
