import { constants } from 'node:fs';
import { chmod, copyFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Entry } from '../types.ts';
import { makeFolders } from './fs.ts';
import { mapPool } from './pool.ts';

/** Files open at a time. */
const OPEN_FILES = 16;

/** Lays entries into a folder as unpacking the artifact would. Files are copied, so that nothing run there can reach the originals. */
export async function layOutTree(entries: readonly Entry[], dir: string): Promise<void> {
  const folders = new Set([dir, ...entries.map(({ path }) => dirname(join(dir, path)))]);
  for (const folder of folders) await makeFolders(folder);
  await chmod(dir, 0o755);
  await mapPool(entries, OPEN_FILES, entry => layOutEntry(entry, join(dir, entry.path)));
}

async function layOutEntry(entry: Entry, path: string): Promise<void> {
  if (entry.kind === 'link') return symlink(entry.target, path);
  if (entry.source.kind === 'memory') await writeFile(path, entry.source.data);
  else await copyFile(entry.source.path, path, constants.COPYFILE_FICLONE);
  return chmod(path, entry.mode);
}
