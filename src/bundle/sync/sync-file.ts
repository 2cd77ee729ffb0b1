import { constants, type FileHandle, open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../../util/fs.ts';

/** File systems that cannot flush a folder. */
const NO_FLUSH = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EISDIR', 'EBADF'];

/** Opens a folder itself, never one that a link leads to, and flushes what is in it; sets its mode where that is given. */
export async function flushFolder(path: string, mode?: number): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    if (mode !== undefined && ((await folder.stat()).mode & 0o7777) !== mode) await folder.chmod(mode);
    await folder.sync().catch((error: unknown) => {
      if (!NO_FLUSH.includes(errnoOf(error) ?? '')) throw error;
    });
  } finally {
    await folder.close();
  }
}

/** Writes a file of the store so that nobody sees half of it: in the work folder first, then by rename. */
export async function replaceFile(work: string, path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(work, `new-${basename(path)}`);
  const file = await open(temporary, 'w', 0o644);
  try {
    await file.chmod(0o644);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await flushFolder(dirname(path));
}

/** Writes all of `bytes` at a place of a file. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
