import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { listPythonImports } from '../../../python/imports.ts';
import { moduleOf } from '../../../python/module-names.ts';
import { toPosix } from '../../../util/path.ts';
import { isLeftBehind } from '../left-behind.ts';
import { makeModuleFinder } from './find-module.ts';
import { tracePython } from './trace-python.ts';

/**
 * The folder that becomes the root of the artifact, which is where Lambda looks for modules: of those from the function's root down
 * to its entry the outermost in which most own imports are found. `src` it is where the code in it says `import utils`.
 */
export async function chooseBase(root: string, entry: string): Promise<string> {
  const candidates = foldersBetween(root, entry);
  if (candidates.length === 1) return root;
  const own = new Set((await Promise.all(candidates.map(listTops))).flat());
  const misses = await Promise.all(candidates.map(base => countMisses(base, entry, own)));
  return candidates[misses.indexOf(Math.min(...misses))] ?? root;
}

function foldersBetween(root: string, entry: string): readonly string[] {
  const folders: string[] = [];
  for (let dir = dirname(entry); ; dir = dirname(dir)) {
    folders.unshift(dir);
    if (dir === root || dirname(dir) === dir) return folders;
  }
}

/** Names that `import` finds at the top of a folder: modules, packages, and folders that hold some below. */
export async function listTops(dir: string): Promise<readonly string[]> {
  const entries = await listFolder(dir);
  const names = entries.map(async entry => {
    if (!entry.isDirectory()) return moduleOf(entry.name) ?? [];
    const isCode = !isLeftBehind(entry.name) && (await holdsModules(join(dir, entry.name), NAMESPACE_DEPTH));
    return isCode ? entry.name : [];
  });
  return (await Promise.all(names)).flat();
}

/** Folders without a module of their own that one goes through in search of some, as `company/product/module.py`. */
const NAMESPACE_DEPTH = 2;

async function holdsModules(dir: string, depth: number): Promise<boolean> {
  const entries = await listFolder(dir);
  if (entries.some(entry => !entry.isDirectory() && moduleOf(entry.name) !== null)) return true;
  const folders = entries.filter(entry => entry.isDirectory() && !isLeftBehind(entry.name));
  for (const { name } of depth > 0 ? folders : [])
    if (await holdsModules(join(dir, name), depth - 1)) return true;
  return false;
}

/** A folder that is closed to us has no code of ours. */
function listFolder(dir: string): Promise<readonly Dirent[]> {
  return readdir(dir, { withFileTypes: true }).catch((): readonly Dirent[] => []);
}

/** How many of the project's own modules would not be found if `base` were the root. */
async function countMisses(base: string, entry: string, own: ReadonlySet<string>): Promise<number> {
  const tops = new Set(await listTops(base));
  const place = { dir: base, findModule: makeModuleFinder(base) };
  const reached = await tracePython(toPosix(relative(base, entry)), [place]);
  const missed = new Set<string>();
  for (const path of [...reached.keys()].filter(each => each.endsWith('.py'))) {
    for (const { level, module } of listPythonImports(await readFile(join(base, path), 'utf8'))) {
      const [top = ''] = module.split('.');
      if (level === 0 && own.has(top) && !tops.has(top)) missed.add(top);
    }
  }
  return missed.size;
}
