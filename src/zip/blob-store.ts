import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { SlimError } from '../errors.ts';
import { errnoOf, orNull } from '../util/fs.ts';
import {
  BLOB_HEADER_BYTES,
  type BlobFacts,
  type BlobHeader,
  decodeBlobHeader,
  encodeBlobHeader,
  payloadBytes,
} from './blob-header.ts';
import { copyRange } from './copy-range.ts';

/** A folder of compressed files by content and compressor: `ab/abcdef….deflate`. */
export interface BlobStore {
  readonly dir: string;
  readonly compressor: string;
  /** Blobs that are read from; all are closed at the end, whatever happens. */
  readonly open: Set<FileHandle>;
}

/** A blob, checked and open for reading. */
export interface Blob {
  readonly facts: BlobFacts;
  readonly file: FileHandle;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Where the blob of this content lies. */
export function blobPath(store: BlobStore, sha256: string): string {
  const key = createHash('sha256').update(`${store.compressor}\0${sha256}`).digest('hex');
  return join(store.dir, key.slice(0, 2), `${key}.deflate`);
}

/** Opens the blob of a content, or gives null when there is none or it is damaged; a damaged one is removed. */
export async function findBlob(store: BlobStore, sha256: string, bytes: number): Promise<Blob | null> {
  const path = blobPath(store, sha256);
  const file = await explainCache(path, orNull(open(path, 'r+')));
  if (!file) return null;
  store.open.add(file);
  const header = await explainCache(path, checkBlob(file));
  if (header?.sha256 === sha256 && header.bytes === bytes) return { facts: header, file };
  await closeBlob(store, file);
  await explainCache(path, rm(path, { force: true }));
  return null;
}

/** Reads header and payload once; null when anything about them is wrong. */
async function checkBlob(file: FileHandle): Promise<BlobHeader | null> {
  const { size, mtimeMs } = await file.stat();
  if (size < BLOB_HEADER_BYTES) return null;
  const bytes = Buffer.alloc(BLOB_HEADER_BYTES);
  await file.read(bytes, 0, BLOB_HEADER_BYTES, 0);
  const header = decodeBlobHeader(bytes);
  if (!header || size !== BLOB_HEADER_BYTES + payloadBytes(header)) return null;
  let sum = 0;
  const isWhole = await copyRange(file, BLOB_HEADER_BYTES, payloadBytes(header), async chunk => {
    sum = crc32(chunk, sum);
  });
  if (!isWhole || sum !== header.payloadCrc32) return null;
  if (Date.now() - mtimeMs > DAY_MS) await file.utimes(new Date(), new Date());
  return header;
}

/** Lets go of a blob that was read. */
export async function closeBlob(store: BlobStore, file: FileHandle): Promise<void> {
  if (store.open.delete(file)) await file.close();
}

/** Lets go of all blobs. */
export async function closeBlobs(store: BlobStore): Promise<void> {
  await Promise.all([...store.open].map(file => closeBlob(store, file)));
}

/**
 * Writes a blob under a temporary name, gives it its name, and keeps it open for reading. `write` gets the open file,
 * with room left for the header, and says what it wrote.
 */
export async function saveBlob(
  store: BlobStore,
  sha256: string,
  write: (file: FileHandle) => Promise<BlobHeader>,
): Promise<Blob> {
  const path = blobPath(store, sha256);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.partial`;
  const file = await explainCache(path, create(temporary));
  store.open.add(file);
  try {
    await explainCache(path, file.writeFile(Buffer.alloc(BLOB_HEADER_BYTES)));
    const facts = await write(file);
    await explainCache(path, seal(file, facts));
    await explainCache(path, rename(temporary, path));
    return { facts, file };
  } catch (error) {
    await closeBlob(store, file);
    await rm(temporary, { force: true });
    throw error;
  }
}

async function create(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  return open(path, 'wx+', 0o600);
}

/** The header comes last: it is what makes the blob valid. */
async function seal(file: FileHandle, header: BlobHeader): Promise<void> {
  await file.truncate(BLOB_HEADER_BYTES + payloadBytes(header));
  await file.write(encodeBlobHeader(header), 0, BLOB_HEADER_BYTES, 0);
}

/** Turns what the system says of a file of the cache into `CACHE_UNWRITABLE`. */
export async function explainCache<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined || error instanceof SlimError) throw error;
    throw new SlimError('CACHE_UNWRITABLE', [path, code], { cause: error });
  }
}
