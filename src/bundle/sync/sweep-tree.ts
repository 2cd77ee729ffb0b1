import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import { mapPool } from '../../util/pool.ts';
import type { BundleFile, BundleManifest } from '../types.ts';
import { FILES_AT_ONCE, listFolders } from './tree-folders.ts';
import { removeAll } from './work-folder.ts';

/** What a manifest says of a path. */
type Wanted =
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly file: BundleFile }
  | { readonly kind: 'link'; readonly target: string };

/** What a release consists of, by path. */
export function toWanted(manifest: BundleManifest): ReadonlyMap<string, Wanted> {
  return new Map<string, Wanted>([
    ...listFolders(manifest).map(path => [path, { kind: 'folder' }] as const),
    ...manifest.files.map(file => [file.path, { kind: 'file', file }] as const),
    ...manifest.links.map(({ path, target }) => [path, { kind: 'link', target }] as const),
  ]);
}

/**
 * Looks through a tree without following a link. Gives its files and links that are what they should be by their kind, by path,
 * and the paths of all that is something else, which is not looked into.
 */
export async function lookThrough(
  root: string,
  wanted: ReadonlyMap<string, Wanted>,
): Promise<{ readonly found: ReadonlyMap<string, Stats>; readonly strange: readonly string[] }> {
  const found = new Map<string, Stats>();
  const strange: string[] = [];
  const look = async (folder: string, entry: Dirent): Promise<string | null> => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const stats = await orNull(lstat(join(root, path)));
    if (!stats) return null;
    const kind = await fits(join(root, path), stats, wanted.get(path));
    if (!kind) strange.push(path);
    else if (!stats.isDirectory()) found.set(path, stats);
    return kind && stats.isDirectory() ? path : null;
  };
  for (let level: readonly string[] = ['']; level.length > 0; ) {
    const below = await mapPool(level, FILES_AT_ONCE, async folder => {
      const entries = await readdir(join(root, folder), { withFileTypes: true });
      return mapPool(entries, FILES_AT_ONCE, entry => look(folder, entry));
    });
    level = below.flat().filter(path => path !== null);
  }
  return { found, strange };
}

async function fits(path: string, stats: Stats, wanted: Wanted | undefined): Promise<boolean> {
  switch (wanted?.kind) {
    case 'folder':
      return stats.isDirectory();
    case 'file':
      return stats.isFile();
    case 'link':
      return stats.isSymbolicLink() && (await readlink(path)) === wanted.target;
    case undefined:
      return false;
  }
}

/** Removes from a tree that is being written what does not belong there; gives the files that do, by path. */
export async function sweepTree(root: string, manifest: BundleManifest): Promise<ReadonlyMap<string, Stats>> {
  const wanted = toWanted(manifest);
  const { found, strange } = await lookThrough(root, wanted);
  const kept = new Map(found);
  const wrong = [...found].filter(([path, stats]) => isWrong(stats, wanted.get(path))).map(([path]) => path);
  await mapPool([...strange, ...wrong], FILES_AT_ONCE, path => removeAll(join(root, path)));
  for (const path of wrong) kept.delete(path);
  return kept;
}

/** A file that is longer than it should be, or shared with a release and not what it should be, is of no use. */
function isWrong(stats: Stats, wanted: Wanted | undefined): boolean {
  if (wanted?.kind !== 'file') return false;
  const { bytes, mode } = wanted.file;
  if (stats.nlink === 1) return stats.size > bytes;
  return stats.size !== bytes || (stats.mode & 0o7777) !== mode;
}
