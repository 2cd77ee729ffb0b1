import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import type { Context } from '../../types.ts';
import { exec } from '../../util/exec.ts';
import { orNull } from '../../util/fs.ts';
import type { PackageManager } from './package-manager.ts';

/**
 * Applies the patches that patch-package keeps in `patches/`, since the script that would do so is not run. pnpm and newer
 * yarn apply their own. Throws `COMMAND_FAILED` with the words of patch-package.
 */
export async function applyPatches(manager: PackageManager, dir: string, context: Context): Promise<void> {
  if (manager.name !== 'npm' && manager.name !== 'yarn-classic') return;
  const manifest = (await orNull(readFile(join(dir, 'package.json'), 'utf8'))) ?? '';
  const patches = manifest.includes('patch-package') ? await listPatches(dir) : [];
  if (patches.length === 0) return;
  // Patches of packages that only development needs fit nothing here; patch-package passes over those named `.dev.patch`.
  const env = { ...context.env, NODE_ENV: 'production' };
  const args = ['exec', '--yes', '--package=patch-package', '--', 'patch-package', '--error-on-fail'];
  await exec('npm', args, { cwd: dir, env, signal: context.signal });
}

function listPatches(dir: string): Promise<string[]> {
  return fastGlob('patches/**/*.patch', { cwd: dir, followSymbolicLinks: false });
}
