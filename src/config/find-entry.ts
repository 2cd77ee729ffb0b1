import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { SlimError } from '../errors.ts';
import { orNull } from '../util/fs.ts';
import { findNearest } from '../util/nearest.ts';
import { toPosix } from '../util/path.ts';

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/** True for the name of a source file, which is no artifact. */
export function isSourceFile(path: string): boolean {
  return EXTENSIONS.includes(extname(path));
}

/** File names that hold the handler in most projects. */
export const USUAL_ENTRIES = ['handler', 'index', 'app', 'lambda', 'main'].flatMap(stem =>
  ['src', '.'].flatMap(dir => EXTENSIONS.map(extension => toPosix(join(dir, stem + extension)))),
);

export interface FoundEntry {
  readonly path: string;
  /** Export name that AWS's form of the handler carries, such as `handler` in `src/index.handler`. */
  readonly exportName: string | null;
}

/** Finds the file that `entry` means: a path, a path without its extension, or AWS's `path/file.export`. */
export async function findEntry(entry: string, base: string): Promise<FoundEntry> {
  const path = resolve(base, entry);
  const direct = await findModule(path);
  if (direct) return { path: direct, exportName: null };
  const [stem = '', ...rest] = basename(path).split('.');
  const module = rest.length > 0 && stem !== '' ? await findModule(join(dirname(path), stem)) : null;
  if (module) return { path: module, exportName: rest.join('.') };
  throw new SlimError('HANDLER_NOT_FOUND', [path, await findNear(path, base)]);
}

async function findModule(path: string): Promise<string | null> {
  const candidates = [
    path,
    ...EXTENSIONS.map(e => path + e),
    ...EXTENSIONS.map(e => join(path, `index${e}`)),
  ];
  for (const candidate of candidates) if (await isFile(candidate)) return candidate;
  return null;
}

export async function isFile(path: string): Promise<boolean> {
  return (await orNull(stat(path)))?.isFile() ?? false;
}

async function findNear(path: string, base: string): Promise<readonly string[]> {
  const names = (await orNull(readdir(dirname(path)))) ?? [];
  const modules = names.filter(name => EXTENSIONS.some(extension => name.endsWith(extension)));
  const near = findNearest(basename(path), modules, 2).map(name => join(dirname(path), name));
  if (near.length > 0) return near.map(file => toPosix(relative(base, file)));
  const usual: string[] = [];
  for (const file of USUAL_ENTRIES)
    if (usual.length < 3 && (await isFile(join(base, file)))) usual.push(file);
  return usual;
}
