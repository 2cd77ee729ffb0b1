import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fastGlob from 'fast-glob';
import type { Context } from '../../types.ts';
import { exec } from '../../util/exec.ts';
import { exists, orNull } from '../../util/fs.ts';
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
  await exec(
    'npm',
    ['exec', '--yes', `--package=${patcherOf(manifest)}`, '--', 'patch-package', '--error-on-fail'],
    { cwd: dir, env: context.env, signal: context.signal },
  );
}

/** The version that the project asks for, so that a patch is read by the program that wrote it. */
function patcherOf(manifest: string): string {
  const range = /"patch-package"\s*:\s*"([\w.^~<>=| -]+)"/.exec(manifest)?.[1];
  return range && /\d/.test(range) ? `patch-package@${range}` : 'patch-package';
}

/** The patches of what is installed; those of packages that only development needs are taken away, since they would fail. */
async function listPatches(dir: string): Promise<readonly string[]> {
  const patches = await fastGlob('patches/**/*.patch', { cwd: dir, followSymbolicLinks: false });
  const wanted = await Promise.all(patches.map(patch => exists(join(dir, patchedFolder(patch)))));
  await Promise.all(patches.map((patch, index) => wanted[index] || rm(join(dir, patch))));
  return patches.filter((_, index) => wanted[index]);
}

/** `@scope+a++b+1.0.0.patch` is for `node_modules/@scope/a/node_modules/b`. */
function patchedFolder(patch: string): string {
  const names = basename(patch)
    .split('++')
    .map(part => part.split('+').slice(0, part.startsWith('@') ? 2 : 1))
    .map(name => name.join('/'));
  return `node_modules/${names.join('/node_modules/')}`;
}
