import { createHash } from 'node:crypto';
import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { SlimError } from '../errors.ts';
import { errnoOf, orNull, writeAtomic } from '../util/fs.ts';
import { CHUNK_BYTES } from './chunk-ranges.ts';
import { encoderId } from './encoders.ts';
import type { EncodeContext, EncodedLibrary, EncodeOptions, LibraryChunk } from './types.ts';

/** Changes whenever the same input comes to other bytes for a reason that no version of an encoder tells. */
const REVISION = 1;

/** What lies beside a blob and says what is in it; it is written last. */
interface Label {
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly blobCrc32: number;
  readonly chunks: readonly LibraryChunk[];
}

/** Where a blob lies, without its ending: among the zip's blobs, whose pruning keeps the whole folder small. */
export function libraryPath(context: EncodeContext, sha256: string, options: EncodeOptions): string {
  const { format, arch, branchFilter, level } = options;
  const facts = [REVISION, encoderId(format, level), CHUNK_BYTES, arch, branchFilter, sha256];
  const key = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  const dir =
    context.cacheDir === null ? join(context.workDir, 'libraries') : join(context.cacheDir, 'blobs');
  return join(dir, key.slice(0, 2), key);
}

/** Gives a library that was encoded before, or null when there is none or it is damaged. */
export async function findLibrary(path: string, sha256: string): Promise<EncodedLibrary | null> {
  const text = await orNull(readFile(`${path}.json`, 'utf8'));
  const blob = text === null ? null : await orNull(readFile(`${path}.library`));
  if (text === null || blob === null) return null;
  const label = parseLabel(text);
  if (label?.compressedBytes !== blob.length || label.blobCrc32 !== crc32(blob)) return null;
  const now = new Date();
  for (const file of [`${path}.json`, `${path}.library`]) await orNull(utimes(file, now, now));
  const { bytes, compressedBytes, chunks } = label;
  return { path: `${path}.library`, bytes, compressedBytes, sha256, chunks };
}

function parseLabel(text: string): Label | null {
  try {
    return JSON.parse(text) as Label;
  } catch {
    return null;
  }
}

/** Keeps an encoded library: its chunks' data in their order. Throws `CACHE_UNWRITABLE`. */
export async function saveLibrary(
  path: string,
  sha256: string,
  chunks: readonly LibraryChunk[],
  data: readonly Uint8Array[],
): Promise<EncodedLibrary> {
  const compressedBytes = data.reduce((sum, part) => sum + part.length, 0);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const blobCrc32 = data.reduce((sum, part) => crc32(part, sum), 0);
  const label: Label = { bytes, compressedBytes, blobCrc32, chunks };
  await explain(path, async () => {
    await writeAtomic(`${path}.library`, async file => {
      for (const part of data) await file.writeFile(part);
    });
    await writeAtomic(`${path}.json`, file => file.writeFile(JSON.stringify(label)));
  });
  return { path: `${path}.library`, bytes, compressedBytes, sha256, chunks };
}

async function explain(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const cause = error instanceof SlimError ? error.cause : error;
    const code = errnoOf(cause);
    if (code === undefined) throw error;
    throw new SlimError('CACHE_UNWRITABLE', [path, code], { cause: error });
  }
}
