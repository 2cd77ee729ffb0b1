import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly isLink: boolean;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** Lists the files and links of a package folder, without the packages nested in it, sorted. Links are not followed. */
export async function listPackageFiles(dir: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(entry => {
      const path = join(dir, entry.name);
      if (entry.isDirectory())
        return entry.name === 'node_modules' ? listNameless(path) : listPackageFiles(path);
      return entry.isFile() || entry.isSymbolicLink() ? statFile(path).then(file => [file]) : [];
    }),
  );
  return lists.flat().sort((a, b) => compareCodeUnits(a.path, b.path));
}

/** What lies in a nested node_modules and is no package of its own, such as what a build copied there. */
async function listNameless(dir: string): Promise<readonly FoundFile[]> {
  const folders = (await readdir(dir, { withFileTypes: true })).filter(
    entry => entry.isDirectory() && !entry.name.startsWith('.'),
  );
  const lists = await Promise.all(
    folders.map(async ({ name }) => {
      const path = join(dir, name);
      if (name.startsWith('@')) return listNameless(path);
      return (await exists(join(path, 'package.json'))) ? [] : listPackageFiles(path);
    }),
  );
  return lists.flat();
}

/** The facts of one file or link. */
export async function statFile(path: string): Promise<FoundFile> {
  const { size, mtimeMs, isLink } = await lstat(path).then(stats => ({
    size: stats.size,
    mtimeMs: stats.mtimeMs,
    isLink: stats.isSymbolicLink(),
  }));
  return { path, isLink, bytes: isLink ? 0 : size, mtimeMs };
}
