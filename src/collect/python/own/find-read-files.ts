import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { listFileLiterals } from '../../../python/file-literals.ts';
import { orNull } from '../../../util/fs.ts';
import { isLeftBehind } from '../left-behind.ts';
import type { Reached } from './trace-python.ts';

/** What is never taken because code names it: secrets have to be named by the user. */
const SECRET = /(?:^|\/)\.env(?:\.|$)/;

/** Files of the project that own code names beside itself, such as `join(dirname(__file__), "labels.txt")`, with the file that does. */
export async function findReadFiles(
  base: string,
  reached: ReadonlyMap<string, Reached>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [path, { place }] of reached) {
    if (place.dir !== base || !path.endsWith('.py')) continue;
    for (const literal of listFileLiterals(await readFile(join(base, path), 'utf8'))) {
      for (const folder of foldersOf(path)) {
        const named = posix.normalize(posix.join(folder, literal));
        if (reached.has(named) || SECRET.test(named) || isLeftBehind(named)) continue;
        if (await isFile(join(base, named))) found.set(named, path);
      }
    }
  }
  return found;
}

/** The folder of a file and those above it, up to the root of the code. */
function foldersOf(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === '.' ? ['.'] : [folder, ...foldersOf(folder)];
}

async function isFile(path: string): Promise<boolean> {
  return (await orNull(stat(path)))?.isFile() ?? false;
}
