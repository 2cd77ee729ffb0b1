import { openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import * as yauzl from 'yauzl';
import { SlimError } from '../errors.ts';
import { errnoOf } from '../util/fs.ts';
import { whyRefused } from '../util/path.ts';
import { BlockReader } from './block-reader.ts';

/** What the central directory says of an entry. It may lie; nothing here was inflated. Sizes are bytes. */
export interface ZipEntry {
  /** As it is in the zip, with `\` as `/`; a folder ends in `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly crc32: number;
  /** 0 is STORE, 8 is DEFLATE; others exist. */
  readonly method: number;
  /** `st_mode` as Unix tools leave it, or 0. */
  readonly mode: number;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly flags: number;
  readonly isEncrypted: boolean;
  /** It has a ZIP64 record, or asks for a reader of version 4.5. */
  readonly isZip64: boolean;
  readonly versionMadeBy: number;
  readonly localHeaderOffset: number;
  /** Why the path may not be unpacked, such as `it has a ".." segment`; null when it may. */
  readonly refused: string | null;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Of the whole file. */
  readonly zippedBytes: number;
  /** Paths that more than one entry has, each once. */
  readonly duplicates: readonly string[];
  /** Paths of entries that would leave the folder they are unpacked into, or have no proper name. */
  readonly escaping: readonly string[];
}

/** More entries than any function has; a directory that claims more is not read. */
const MAX_ENTRIES = 200_000;
/** APPNOTE 4.4.3.2 and 4.5.3. */
const ZIP64_VERSION = 45;
const ZIP64_FIELD = 1;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;

/** Reads the directory of a zip that anybody may have made, without inflating anything. Throws `NOT_A_ZIP`. */
export async function readZipDirectory(path: string): Promise<ZipDirectory> {
  return withZip(path, async zip => {
    const entries: ZipEntry[] = [];
    for await (const [entry] of eachZipEntry(path, zip)) entries.push(entry);
    return {
      entries,
      zippedBytes: zip.fileSize,
      duplicates: findDuplicates(entries),
      escaping: entries.filter(entry => entry.refused !== null).map(entry => entry.path),
    };
  });
}

/** Opens a zip for `use` and closes it; whatever yauzl says of it becomes `NOT_A_ZIP`. */
export async function withZip<T>(path: string, use: (zip: yauzl.ZipFile) => Promise<T>): Promise<T> {
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
  // Opening a named pipe would wait for a writer for good.
  const stats = await explainZip(path, stat(path));
  if (!stats.isFile()) throw new SlimError('NOT_A_ZIP', [path, 'it is not a regular file']);
  const zip = await explainZip(path, openBlocks(path, stats.size, options)).catch(async (error: unknown) => {
    throw (await isCutShort(path)) ? cutShort(path, error) : error;
  });
  try {
    return await use(zip);
  } finally {
    zip.close();
  }
}

async function openBlocks(path: string, bytes: number, options: yauzl.Options): Promise<yauzl.ZipFile> {
  const reader = new BlockReader(openSync(path, 'r'));
  try {
    return await yauzl.fromRandomAccessReaderPromise(reader, bytes, options);
  } catch (error) {
    reader.close(() => {});
    throw error;
  }
}

/** A zip begins with the header of its first entry and ends with its directory. */
async function isCutShort(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50;
  } finally {
    await file.close();
  }
}

function cutShort(path: string, cause: unknown): unknown {
  const { message = '' } = cause instanceof Error ? cause : {};
  if (!/end of central directory/i.test(message)) return cause;
  const reason = 'it begins like one, but its directory, which comes last, is missing: it was cut short';
  return new SlimError('NOT_A_ZIP', [path, reason], { cause });
}

/** An entry, and what yauzl wants to be handed to open it. */
export type ReadEntry = readonly [ZipEntry, yauzl.Entry];

/** The entries of an open zip, each with yauzl's own. Throws `NOT_A_ZIP`, also for a directory of unreasonable size. */
export async function* eachZipEntry(path: string, zip: yauzl.ZipFile): AsyncGenerator<ReadEntry> {
  if (zip.entryCount > MAX_ENTRIES)
    throw new SlimError('NOT_A_ZIP', [path, `it claims ${zip.entryCount} entries`]);
  const entries = zip.eachEntry();
  let directoryBytes = 0;
  for (;;) {
    const next = await explainZip(path, entries.next());
    if (next.done) return;
    const raw = next.value;
    directoryBytes += 46 + raw.fileNameLength + raw.extraFieldLength + raw.fileCommentLength;
    if (directoryBytes > MAX_DIRECTORY_BYTES) {
      throw new SlimError('NOT_A_ZIP', [path, `its directory is larger than ${MAX_DIRECTORY_BYTES} bytes`]);
    }
    yield [toZipEntry(raw), raw];
  }
}

function toZipEntry(raw: yauzl.Entry): ZipEntry {
  const path = yauzl.getFileNameLowLevel(raw.generalPurposeBitFlag, raw.fileNameRaw, raw.extraFields, false);
  const mode = isMadeByUnix(raw.versionMadeBy) ? raw.externalFileAttributes >>> 16 : 0;
  return {
    path,
    bytes: raw.uncompressedSize,
    compressedBytes: raw.compressedSize,
    crc32: raw.crc32,
    method: raw.compressionMethod,
    mode,
    kind: kindOf(path, mode),
    flags: raw.generalPurposeBitFlag,
    isEncrypted: raw.isEncrypted(),
    isZip64:
      raw.versionNeededToExtract >= ZIP64_VERSION || raw.extraFields.some(({ id }) => id === ZIP64_FIELD),
    versionMadeBy: raw.versionMadeBy,
    localHeaderOffset: raw.relativeOffsetOfLocalHeader,
    refused: whyRefused(path.endsWith('/') ? path.slice(0, -1) : path),
  };
}

/** Unix or macOS (APPNOTE 4.4.2). */
function isMadeByUnix(versionMadeBy: number): boolean {
  const system = versionMadeBy >>> 8;
  return system === 3 || system === 19;
}

function kindOf(path: string, mode: number): ZipEntry['kind'] {
  const type = mode & 0o170000;
  if (type === 0o120000) return 'link';
  if (path.endsWith('/') || type === 0o040000) return 'folder';
  return type === 0o100000 || type === 0 ? 'file' : 'other';
}

function findDuplicates(entries: readonly ZipEntry[]): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { path } of entries) {
    if (seen.has(path)) twice.add(path);
    seen.add(path);
  }
  return [...twice];
}

/** Turns what yauzl or the system says of a zip into `NOT_A_ZIP`. */
export async function explainZip<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlimError('NOT_A_ZIP', [path, errnoOf(error) ?? reason.replace(/\.$/, '')], { cause: error });
  }
}
