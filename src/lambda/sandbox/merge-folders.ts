import { constants, copyFile, lstat, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import { makeFolder } from './make-folder.ts';

/** Copies folders into a new one, each over what those before it brought, as layers are unpacked into `/opt`. */
export async function mergeFolders(
  folders: readonly string[],
  into: string,
  signal: AbortSignal,
): Promise<void> {
  await makeFolder(into);
  for (const folder of folders) await copyInto(folder, into, signal);
}

async function copyInto(folder: string, into: string, signal: AbortSignal): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    signal.throwIfAborted();
    const [from, to] = [join(folder, entry.name), join(into, entry.name)];
    const covered = await orNull(lstat(to));
    if (covered && !(covered.isDirectory() && entry.isDirectory())) await rm(to, { recursive: true });
    if (entry.isDirectory()) {
      const { mode } = await lstat(from);
      await makeFolder(to, mode & 0o7777);
      await copyInto(from, to, signal);
    } else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else if (entry.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}
