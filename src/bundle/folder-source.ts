import { constants, type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import { errnoOf, isMissing } from '../util/fs.ts';
import { chunkKey, manifestKey, POINTER_KEY } from './keys.ts';
import { MAX_MANIFEST_BYTES, MAX_POINTER_BYTES, maxCompressedBytes } from './limits.ts';
import type { BundleChunk, BundleSource } from './types.ts';

const PIECE_BYTES = 256 * 1024;
/** Opening a pipe must not wait for somebody who writes to it. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** The bundle in a folder. Its functions throw `BUNDLE_MISSING` where a file is not there, `BUNDLE_INVALID` where something else is, `FILE_UNREADABLE` where the system refuses. */
export function openFolderSource(dir: string): BundleSource {
  return {
    where: dir,
    readPointer: () => readBounded(join(dir, POINTER_KEY), MAX_POINTER_BYTES),
    readManifest: release =>
      readBounded(join(dir, manifestKey(release)), maxCompressedBytes(MAX_MANIFEST_BYTES)),
    openChunk: (chunk, signal) => readChunk(join(dir, chunkKey(chunk)), chunk, signal),
  };
}

async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await openFile(path);
    try {
      const { size } = await file.stat();
      if (size > maxBytes)
        throw new SlimError('BUNDLE_INVALID', [path, `it has more than ${maxBytes} bytes`]);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw explain(path, error);
  }
}

/** Gives no more than the chunk has, whatever the file holds. */
async function* readChunk(
  path: string,
  { compressedBytes }: BundleChunk,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const options = { end: compressedBytes - 1, highWaterMark: PIECE_BYTES, signal };
  try {
    const file = await openFile(path);
    yield* file.createReadStream(options) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw signal.aborted ? new SlimError('CANCELLED', [], { cause: error }) : explain(path, error);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, FLAGS);
  const isFile = await file
    .stat()
    .then(stats => stats.isFile())
    .catch(() => false);
  if (isFile) return file;
  await file.close();
  throw new SlimError('BUNDLE_INVALID', [path, 'it is no file']);
}

function explain(path: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (error instanceof SlimError || errno === undefined) return error;
  if (isMissing(error)) return new SlimError('BUNDLE_MISSING', [path], { cause: error });
  return new SlimError('FILE_UNREADABLE', [path, errno], { cause: error });
}
