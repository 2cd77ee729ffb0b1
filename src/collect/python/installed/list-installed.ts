import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareCodeUnits } from '../../../util/path.ts';

/** Every file and link below a folder, relative to it with "/", sorted. Names that are no UTF-8 have U+FFFD in them. */
export async function listInstalled(dir: string): Promise<readonly string[]> {
  const walk = async (folder: string): Promise<readonly string[]> => {
    const entries = await readdir(join(dir, folder), { withFileTypes: true });
    const lists = entries.map(entry => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return walk(path);
      return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
    });
    return (await Promise.all(lists)).flat();
  };
  return [...(await walk(''))].sort(compareCodeUnits);
}
