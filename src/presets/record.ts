import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SlimError } from '../errors.ts';
import { errnoOf } from '../util/fs.ts';
import { toPosix } from '../util/path.ts';
import { mapPool } from '../util/pool.ts';
import { formatListing, type ListedFile } from './listing.ts';

const OPEN_FILES = 32;

/** Lists a package's own files, in bytes, for a fixture: without the packages that lie in its `node_modules`. */
export async function recordListing(dir: string): Promise<string> {
  return formatListing(await listFiles(dir));
}

/** Files of a package folder with paths from its root; links count as files of no bytes. */
export async function listFiles(dir: string): Promise<readonly ListedFile[]> {
  const paths = await findPaths(dir, dir);
  return mapPool(paths, OPEN_FILES, async path => {
    const stats = await lstat(path);
    return { path: toPosix(relative(dir, path)), bytes: stats.isFile() ? stats.size : 0 };
  });
}

async function findPaths(dir: string, root: string): Promise<readonly string[]> {
  const entries = await readFolder(dir);
  const nested = await Promise.all(
    entries.map(async entry => {
      const path = join(dir, entry.name);
      if (!entry.isDirectory()) return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
      return dir === root && entry.name === 'node_modules' ? [] : findPaths(path, root);
    }),
  );
  return nested.flat();
}

async function readFolder(dir: string) {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    throw new SlimError('INPUT_UNREADABLE', [dir, errnoOf(error) ?? String(error)], { cause: error });
  }
}
