import { dirname, join } from 'node:path';
import { exists } from '../../util/fs.ts';
import type { ReadManifest } from '../package-manifest.ts';
import { findLockfile, type Lockfile } from './package-manager.ts';

/** The folder whose lockfile governs the function: its own, or that of the workspace above it. */
export interface InstallRoot {
  readonly dir: string;
  readonly lockfile: Lockfile | null;
}

/**
 * Looks for a lockfile from the function's folder upwards, as far as the repository goes. One above counts where it is a
 * workspace's, or where the function has no dependencies of its own and so uses those above it.
 */
export async function findInstallRoot(root: string, readManifest: ReadManifest): Promise<InstallRoot> {
  const own = await readManifest(root);
  const standsAlone = own !== null && own.dependencies.length + own.optionalDependencies.length > 0;
  for (let dir = root; ; dir = dirname(dir)) {
    const lockfile = await findLockfile(dir);
    const isWorkspace =
      (await readManifest(dir))?.workspaces.length || (await exists(join(dir, 'pnpm-workspace.yaml')));
    if (lockfile && (dir === root || isWorkspace || !standsAlone)) return { dir, lockfile };
    const isTop = dirname(dir) === dir || (await exists(join(dir, '.git')));
    if (isTop) return { dir: root, lockfile: null };
  }
}
