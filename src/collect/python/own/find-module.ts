import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { moduleOf } from '../../../python/module-names.ts';
import { isMissing } from '../../../util/fs.ts';
import { isLeftBehind } from '../left-behind.ts';

/** Answers which files of a folder are the module `a/b`: paths relative to it. Namespace packages have none. */
export type FindModule = (name: string) => Promise<readonly string[]>;

/** Makes a finder of modules below a folder, by names as they are written, whatever the file system makes of case. */
export function makeModuleFinder(base: string): FindModule {
  const list = makeLister(base);
  return async name => {
    const folder = name.split('/').slice(0, -1).join('/');
    const found = [...(await list(folder)), ...(await list(name))];
    return found.filter(path => moduleOf(path) === name && !path.endsWith('.pyc'));
  };
}

/** Makes a finder of the modules and packages that lie right in a folder below another. */
export function makeFolderLister(base: string): FindModule {
  const list = makeLister(base);
  return async folder => {
    const entries = await readdir(join(base, folder), { withFileTypes: true }).catch(() => []);
    const packages = entries.filter(entry => entry.isDirectory()).map(({ name }) => `${folder}/${name}`);
    const inside = (await Promise.all(packages.map(list))).flat();
    const found = [...(await list(folder)), ...inside.filter(path => /\/__init__\.[^/]*$/.test(path))];
    return found.filter(path => moduleOf(path) !== null && !path.endsWith('.pyc'));
  };
}

function makeLister(base: string): (folder: string) => Promise<readonly string[]> {
  const folders = new Map<string, Promise<readonly string[]>>();
  return folder => {
    const known = folders.get(folder) ?? listFiles(base, folder);
    folders.set(folder, known);
    return known;
  };
}

async function listFiles(base: string, folder: string): Promise<readonly string[]> {
  if (isLeftBehind(folder)) return [];
  try {
    const entries = await readdir(join(base, folder), { withFileTypes: true });
    const files = entries.filter(entry => entry.isFile() || entry.isSymbolicLink());
    return files.map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
