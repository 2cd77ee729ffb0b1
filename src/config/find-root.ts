import { dirname, join, relative, sep } from 'node:path';
import { isFile, isPythonFile } from './find-entry.ts';

/** Files that say what a Python project depends on. */
const PYTHON_MANIFESTS = [
  'requirements.txt',
  'pyproject.toml',
  'uv.lock',
  'poetry.lock',
  'Pipfile',
  'Pipfile.lock',
];

/** The folder of the nearest file above `entry` that says what it depends on; without one `base`, where that holds the entry. */
export async function findRoot(entry: string, base: string): Promise<string> {
  const manifests = isPythonFile(entry) ? PYTHON_MANIFESTS : ['package.json'];
  for (let dir = dirname(entry); ; dir = dirname(dir)) {
    for (const name of manifests) if (await isFile(join(dir, name))) return dir;
    if (dirname(dir) === dir) return isInside(entry, base) ? base : dirname(entry);
  }
}

/** Whether `path` lies in `folder` or deeper. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(way);
}
