import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listPackageFiles(path);
      return entry.isFile() || entry.isSymbolicLink() ? statFile(path).then(file => [file]) : [];
    }),
  );
  return lists.flat().sort((a, b) => compareCodeUnits(a.path, b.path));
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
