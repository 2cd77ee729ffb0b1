import { dirname, join, relative, sep } from 'node:path';
import { isFile } from './find-entry.ts';

/** The folder of the nearest package.json above `entry`; without one `base`, where that holds the entry. */
export async function findRoot(entry: string, base: string): Promise<string> {
  for (let dir = dirname(entry); ; dir = dirname(dir)) {
    if (await isFile(join(dir, 'package.json'))) return dir;
    if (dirname(dir) === dir) return isInside(entry, base) ? base : dirname(entry);
  }
}

/** Whether `path` lies in `folder` or deeper. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(way);
}
