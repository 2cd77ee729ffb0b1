import { chmod, lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf } from '../../util/fs.ts';
import { mapPool } from '../../util/pool.ts';
import type { BundleManifest } from '../types.ts';
import { flushFolder } from './sync-file.ts';

/** Files and folders that are open at the same time: one call to a file server takes about a millisecond, however small. */
export const FILES_AT_ONCE = 64;

/** The folders of a release, those above before those below. */
export function listFolders({ files, links }: BundleManifest): readonly string[] {
  const folders = new Set<string>();
  for (const { path } of [...files, ...links])
    for (let folder = dirname(path); folder !== '.' && !folders.has(folder); folder = dirname(folder))
      folders.add(folder);
  const depth = (path: string): number => path.split('/').length;
  return [...folders].sort((a, b) => depth(a) - depth(b));
}

/** Makes the folders of a release that are not there yet. */
export async function makeTree(root: string, manifest: BundleManifest): Promise<void> {
  await makeFolder(root);
  for (let folders = listFolders(manifest), depth = 1; folders.length > 0; depth++) {
    const isDeeper = (path: string): boolean => path.split('/').length > depth;
    const level = folders.filter(path => !isDeeper(path));
    await mapPool(level, FILES_AT_ONCE, path => makeFolder(join(root, path)));
    folders = folders.filter(isDeeper);
  }
}

/** The umask has no say in the mode. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, 0o755);
    await chmod(path, 0o755);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || !(await lstat(path)).isDirectory()) throw error;
  }
}

/** Flushes the folders of a release, and gives each the mode for all to read. */
export async function flushTree(root: string, manifest: BundleManifest): Promise<void> {
  await mapPool([...listFolders(manifest), '.'], FILES_AT_ONCE, path => flushFolder(join(root, path), 0o755));
}
