import type { ZipMethod } from './blob-header.ts';

/** What the two headers of an entry say. Sizes and offsets are bytes. */
export interface ZipRecord {
  readonly name: Buffer;
  readonly method: ZipMethod;
  readonly crc32: number;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** `st_mode` with the kind of file. */
  readonly unixMode: number;
  /** Where the local header starts. */
  readonly offset: number;
}

/** 2.0: the first version with DEFLATE, and the one that every reader has. */
const VERSION_NEEDED = 20;
const MADE_BY_UNIX = 3 << 8;
/** 1980-01-01, the zero of the format; any real time would change the bytes of the same tree. */
const DOS_DATE = (1 << 5) | 1;
const UTF8_FLAG = 1 << 11;

/** Values that ZIP64 takes for "look elsewhere" (APPNOTE 4.4.1.4), so no plain zip may hold them. */
export const ZIP64_COUNT = 0xffff;
export const ZIP64_SIZE = 0xffffffff;

/** The header before the bytes of an entry (APPNOTE 4.3.7). */
export function localHeader(record: ZipRecord): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, record);
  return Buffer.concat([header, record.name]);
}

/** The entry's record in the central directory (APPNOTE 4.3.12). */
export function centralHeader(record: ZipRecord): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_BY_UNIX | VERSION_NEEDED, 4);
  writeCommon(header, 6, record);
  // 32 - comment length, 34 - disk, 36 - internal attributes: all 0
  header.writeUInt32LE((record.unixMode << 16) >>> 0, 38);
  header.writeUInt32LE(record.offset, 42);
  return Buffer.concat([header, record.name]);
}

/** The record at the end of the file (APPNOTE 4.3.16). */
export function endRecord(count: number, directoryOffset: number, directoryBytes: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  // 4 - this disk, 6 - disk of the directory: 0
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(directoryOffset, 16);
  return record;
}

/** The fields that both headers share, in the same order. */
function writeCommon(header: Buffer, at: number, record: ZipRecord): void {
  header.writeUInt16LE(VERSION_NEEDED, at);
  header.writeUInt16LE(isPrintableAscii(record.name) ? 0 : UTF8_FLAG, at + 2);
  header.writeUInt16LE(record.method, at + 4);
  // at + 6 - time 00:00
  header.writeUInt16LE(DOS_DATE, at + 8);
  header.writeUInt32LE(record.crc32, at + 10);
  header.writeUInt32LE(record.compressedBytes, at + 14);
  header.writeUInt32LE(record.bytes, at + 18);
  header.writeUInt16LE(record.name.length, at + 22);
  // at + 24 - extra field length 0
}

/** Without the flag a name is in code page 437, where control characters are smileys. */
function isPrintableAscii(name: Buffer): boolean {
  return name.every(byte => byte >= 0x20 && byte < 0x7f);
}
