import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import { findLockfile, type Lockfile } from './package-manager.ts';

/** The folder whose lockfile governs the function: its own, or that of the workspace above it. */
export interface InstallRoot {
  readonly dir: string;
  readonly lockfile: Lockfile | null;
}

/** Looks for a lockfile from the function's folder upwards, as far as the repository goes. */
export async function findInstallRoot(root: string): Promise<InstallRoot> {
  for (let dir = root; ; dir = dirname(dir)) {
    const lockfile = await findLockfile(dir);
    if (lockfile) return { dir, lockfile };
    const isTop = dirname(dir) === dir || (await orNull(lstat(join(dir, '.git')))) !== null;
    if (isTop) return { dir: root, lockfile: null };
  }
}
