import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives a folder of our own, and all that is in it, modes as in a zip: all may read it. */
export async function openModes(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return;
  await chmod(path, found.isDirectory() || found.mode & 0o111 ? 0o755 : 0o644);
  if (found.isDirectory()) for (const name of await readdir(path)) await openModes(join(path, name));
}
