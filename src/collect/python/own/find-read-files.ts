import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { listFileLiterals } from '../../../python/file-literals.ts';
import { orNull } from '../../../util/fs.ts';
import { isLeftBehind } from '../left-behind.ts';
import type { Reached } from './trace-python.ts';

/** What is never taken because code names it: secrets have to be named by the user. */
const SECRET = /(?:^|\/)\.env(?:\.|$)/;

export interface ReadFiles {
  /** By path below the base, with the file that names each. */
  readonly files: ReadonlyMap<string, string>;
  /** Absolute folders of all that is named, whether it is there or not. */
  readonly folders: readonly string[];
}

/** Finds the files of a project that own code names beside itself, such as `join(dirname(__file__), "labels.txt")`. */
export async function findReadFiles(base: string, reached: ReadonlyMap<string, Reached>): Promise<ReadFiles> {
  const files = new Map<string, string>();
  const folders = new Set<string>();
  for (const [path, { place }] of reached) {
    if (place.dir !== base || !path.endsWith('.py')) continue;
    for (const named of listNamed(path, await readFile(join(base, path), 'utf8'))) {
      folders.add(join(base, dirname(named)));
      if (reached.has(named) || SECRET.test(named) || isLeftBehind(named)) continue;
      if (await isFile(join(base, named))) files.set(named, path);
    }
  }
  return { files, folders: [...folders] };
}

/** Every place that a literal of a source may mean: beside the source, and beside the folders above it. */
function listNamed(path: string, source: string): readonly string[] {
  const literals = listFileLiterals(source);
  return foldersOf(path).flatMap(folder =>
    literals.map(literal => posix.normalize(posix.join(folder, literal))),
  );
}

/** The folder of a file and those above it, up to the root of the code. */
function foldersOf(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === '.' ? ['.'] : [folder, ...foldersOf(folder)];
}

async function isFile(path: string): Promise<boolean> {
  return (await orNull(stat(path)))?.isFile() ?? false;
}
