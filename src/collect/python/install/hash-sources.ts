import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { orNull } from '../../../util/fs.ts';
import { compareCodeUnits, toPosix } from '../../../util/path.ts';
import { isLeftBehind } from '../left-behind.ts';
import type { Requirement } from '../project/types.ts';

/** The files that the local packages of a project are built from; absolute, sorted. */
export async function listSources(requirements: readonly Requirement[]): Promise<readonly string[]> {
  const places = requirements.flatMap(({ source }) => source?.location ?? []);
  const lists = await Promise.all(places.map(place => listFiles(place, place)));
  return [...new Set(lists.flat())].sort(compareCodeUnits);
}

async function listFiles(path: string, root: string): Promise<readonly string[]> {
  const stats = await orNull(lstat(path));
  if (stats?.isFile()) return [path];
  if (!stats?.isDirectory()) return [];
  const names = await readdir(path);
  const kept = names.filter(name => !isLeftBehind(toPosix(relative(root, join(path, name)))));
  return (await Promise.all(kept.map(name => listFiles(join(path, name), root)))).flat();
}

/** One digest over names and contents. */
export async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${path}\0`)
      .update(await readFile(path))
      .update('\0');
  return hash.digest('hex');
}
