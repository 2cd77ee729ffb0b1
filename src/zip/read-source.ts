import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SlimError } from '../errors.ts';
import type { FileEntry } from '../types.ts';
import { errnoOf, isMissing } from '../util/fs.ts';
import { BLOCK_BYTES } from './compressor.ts';

/** A source that is open for reading, as it was when it was opened. */
export interface OpenSource {
  readonly path: string;
  readonly file: FileHandle;
  readonly stats: BigIntStats;
}

/** A named pipe that took the file's place must not hold the build up. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Milliseconds as a float lose some of the nanoseconds. */
const MTIME_TOLERANCE_MS = 0.01;

/**
 * Opens the file of an entry for `use` and closes it. Throws `FILE_CHANGED` when size or time of change differ from the
 * entry's, before or after, or when the file is gone; `FILE_UNREADABLE` when the system refuses to read it.
 */
export async function withSource<T>(
  entry: FileEntry,
  path: string,
  mtimeMs: number,
  use: (source: OpenSource) => Promise<T>,
): Promise<T> {
  const file = await explainRead(path, open(path, READ_FLAGS));
  try {
    const stats = await explainRead(path, file.stat({ bigint: true }));
    const isSame = Math.abs(Number(stats.mtimeNs) / 1e6 - mtimeMs) < MTIME_TOLERANCE_MS;
    if (!stats.isFile() || stats.size !== BigInt(entry.bytes) || !isSame) throw changed(path);
    const result = await use({ path, file, stats });
    const after = await explainRead(path, file.stat({ bigint: true }));
    if (after.size !== stats.size || after.mtimeNs !== stats.mtimeNs) throw changed(path);
    return result;
  } finally {
    await file.close();
  }
}

/** Reads a block of at most `BLOCK_BYTES` from `offset` on, into memory of its own. */
export async function readBlock(source: OpenSource, offset: number): Promise<Uint8Array<ArrayBuffer>> {
  const block = new Uint8Array(Math.min(BLOCK_BYTES, Number(source.stats.size) - offset));
  let filled = 0;
  while (filled < block.length) {
    const reading = source.file.read(block, filled, block.length - filled, offset + filled);
    const { bytesRead } = await explainRead(source.path, reading);
    if (bytesRead === 0) throw changed(source.path);
    filled += bytesRead;
  }
  return block;
}

/** The error for a file that is no longer what the tree says. */
export function changed(path: string, cause?: unknown): SlimError {
  return new SlimError('FILE_CHANGED', [path], { cause });
}

/** Turns what the system says of a source into `FILE_CHANGED` or `FILE_UNREADABLE`. */
export async function explainRead<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof SlimError) throw error;
    if (isMissing(error)) throw changed(path, error);
    throw new SlimError('FILE_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  }
}
