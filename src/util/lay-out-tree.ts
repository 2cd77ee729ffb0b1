import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Entry } from '../types.ts';

/** Lays entries into a folder as unpacking the artifact would. Files are copied, so that nothing run there can reach the originals. */
export async function layOutTree(entries: readonly Entry[], dir: string): Promise<void> {
  for (const entry of entries) {
    const path = join(dir, entry.path);
    await mkdir(dirname(path), { recursive: true });
    if (entry.kind === 'link') {
      await symlink(entry.target, path);
      continue;
    }
    if (entry.source.kind === 'memory') await writeFile(path, entry.source.data);
    else await copyFile(entry.source.path, path, constants.COPYFILE_FICLONE);
    await chmod(path, entry.mode);
  }
}
