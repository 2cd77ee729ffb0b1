import { type FileHandle, open } from 'node:fs/promises';
import { SlimError } from '../errors.ts';
import { writeAtomic } from '../util/fs.ts';
import type { ZipMethod } from './blob-header.ts';
import { copyRange } from './copy-range.ts';
import type { ZipEntry } from './read-zip.ts';
import { writeDirectory } from './write-directory.ts';
import { localHeader, ZIP64_COUNT, ZIP64_SIZE, type ZipRecord } from './zip-format.ts';
import { openZipSink, writeToSink, type ZipSink } from './zip-sink.ts';

/** An entry of the source and the path that it is to have. */
export interface ZipPick {
  readonly entry: ZipEntry;
  readonly path: string;
}

/** What was written; sizes are bytes. */
export interface RepackedZip {
  /** Hex, and the same in base64. */
  readonly sha256: string;
  readonly codeSha256: string;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
}

/** Bytes that an entry takes in a zip, its two headers counted. */
export function zippedBytesOf({ entry, path }: ZipPick): number {
  return 30 + 46 + 2 * Buffer.byteLength(path) + entry.compressedBytes;
}

/** Bytes of a zip beside its entries. */
export const END_BYTES = 22;

/**
 * Writes a zip of entries of another one, as they are compressed there, in the order of `picks`; nothing is inflated. It appears at
 * `path` whole or not at all. Throws `NOT_A_ZIP` where the source is damaged or packed in a way that Lambda does not know.
 */
export async function repackZip(
  source: string,
  path: string,
  picks: readonly ZipPick[],
  signal: AbortSignal,
): Promise<RepackedZip> {
  if (picks.length >= ZIP64_COUNT) throw new SlimError('ZIP_TOO_LARGE', ['The zip', '65,534 entries']);
  const file = await open(source);
  try {
    return await writeAtomic(path, target => copyAll(file, openZipSink(target, signal), picks, source));
  } finally {
    await file.close();
  }
}

async function copyAll(
  file: FileHandle,
  sink: ZipSink,
  picks: readonly ZipPick[],
  source: string,
): Promise<RepackedZip> {
  const records: ZipRecord[] = [];
  for (const pick of picks) records.push(await copyEntry(file, sink, pick, source));
  await writeDirectory(sink, records);
  const digest = sink.hash.digest();
  return {
    sha256: digest.toString('hex'),
    codeSha256: digest.toString('base64'),
    zippedBytes: sink.position,
    unzippedBytes: picks.reduce((sum, { entry }) => sum + entry.bytes, 0),
  };
}

async function copyEntry(
  file: FileHandle,
  sink: ZipSink,
  { entry, path }: ZipPick,
  source: string,
): Promise<ZipRecord> {
  const { bytes, compressedBytes, crc32, mode } = entry;
  if (Math.max(bytes, sink.position + compressedBytes) >= ZIP64_SIZE)
    throw new SlimError('ZIP_TOO_LARGE', ['The zip', '4 GiB']);
  const record: ZipRecord = {
    name: Buffer.from(path),
    method: methodOf(entry, source),
    crc32,
    bytes,
    compressedBytes,
    unixMode: mode === 0 ? 0o100644 : mode,
    offset: sink.position,
  };
  const start = await findData(file, entry, source);
  await writeToSink(sink, localHeader(record));
  const isWhole = await copyRange(file, start, compressedBytes, chunk => writeToSink(sink, chunk, true));
  if (!isWhole) throw damaged(source, entry, 'it is cut short');
  return record;
}

function methodOf(entry: ZipEntry, source: string): ZipMethod {
  const { method, isEncrypted } = entry;
  if (isEncrypted) throw damaged(source, entry, 'it is encrypted');
  if (method !== 0 && method !== 8) throw damaged(source, entry, `its compression method is ${method}`);
  return method;
}

/** Where the bytes of an entry begin: its local header may have another extra field than the directory. */
async function findData(file: FileHandle, entry: ZipEntry, source: string): Promise<number> {
  const header = Buffer.alloc(30);
  const { bytesRead } = await file.read(header, 0, header.length, entry.localHeaderOffset);
  if (bytesRead < header.length || header.readUInt32LE(0) !== 0x04034b50)
    throw damaged(source, entry, 'it has no local header');
  return entry.localHeaderOffset + header.length + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function damaged(source: string, { path }: ZipEntry, reason: string): SlimError {
  return new SlimError('NOT_A_ZIP', [source, `${path}: ${reason}`]);
}
