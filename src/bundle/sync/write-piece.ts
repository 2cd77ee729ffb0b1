import { constants, type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleFile } from '../types.ts';
import type { Piece } from './plan-pieces.ts';
import { writeAll } from './sync-file.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** Writes a piece of a chunk to its place, and flushes it. */
export async function writePiece(
  root: string,
  { file, from, bytes, to }: Piece,
  chunk: Uint8Array,
): Promise<void> {
  await withOwnFile(join(root, file.path), file, async handle => {
    await writeAll(handle, chunk.subarray(from, from + bytes), to);
    await handle.sync();
  });
}

/** Makes a file without content. */
export function writeEmpty(root: string, file: BundleFile): Promise<void> {
  return withOwnFile(join(root, file.path), file, handle => handle.sync());
}

/** Opens a file for writing, never one that a link leads to, nor one that another release shares. */
async function withOwnFile(
  path: string,
  { mode }: BundleFile,
  use: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await openOwn(path, mode);
  try {
    if (((await handle.stat()).mode & 0o7777) !== mode) await handle.chmod(mode);
    await use(handle);
  } finally {
    await handle.close();
  }
}

async function openOwn(path: string, mode: number): Promise<FileHandle> {
  const handle = await open(path, O_WRONLY | O_CREAT | O_NOFOLLOW, mode);
  const { nlink } = await handle.stat();
  if (nlink === 1) return handle;
  await handle.close();
  await unlink(path);
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
}
