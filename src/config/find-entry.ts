import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { SlimError } from '../errors.ts';
import type { Runtime } from '../types.ts';
import { exists, orNull } from '../util/fs.ts';
import { findNearest } from '../util/nearest.ts';
import { toPosix } from '../util/path.ts';

const NODE_EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];
const EXTENSIONS = [...NODE_EXTENSIONS, '.py'];

/** True for what names an entry and no artifact: a source file, or AWS's `src/handler.handler`. */
export async function namesEntry(cwd: string, path: string): Promise<boolean> {
  if (EXTENSIONS.includes(extname(path))) return true;
  return !path.endsWith('.zip') && !(await exists(resolve(cwd, path)));
}

/** File names that hold the handler in most projects. */
export const USUAL_ENTRIES = ['handler', 'index', 'app', 'lambda', 'main'].flatMap(stem =>
  ['src', '.'].flatMap(dir => NODE_EXTENSIONS.map(extension => toPosix(join(dir, stem + extension)))),
);

/** The same for Python; the first is the name that the console gives. */
export const USUAL_PYTHON_ENTRIES = [
  'lambda_function',
  'app',
  'handler',
  'main',
  'index',
  'function',
].flatMap(stem => [`${stem}.py`, `src/${stem}.py`]);

/** True for the file of a Python function. */
export function isPythonFile(path: string): boolean {
  return extname(path) === '.py';
}

export interface FoundEntry {
  readonly path: string;
  /** Export name that AWS's form of the handler carries, such as `handler` in `src/index.handler`. */
  readonly exportName: string | null;
}

/**
 * Finds the file that `entry` means: a path, a path without its extension, or AWS's `path/file.export`, which is `package.module.export`
 * for Python as well. Where the language is known, only its files are tried.
 */
export async function findEntry(
  entry: string,
  base: string,
  language?: Runtime['language'],
): Promise<FoundEntry> {
  const path = resolve(base, entry);
  const extensions = language === 'python' ? ['.py'] : language === 'nodejs' ? NODE_EXTENSIONS : EXTENSIONS;
  const direct = await findModule(path, extensions);
  if (direct) return { path: direct, exportName: null };
  const [stem = '', ...rest] = basename(path).split('.');
  const module =
    rest.length > 0 && stem !== '' ? await findModule(join(dirname(path), stem), extensions) : null;
  if (module) return { path: module, exportName: rest.join('.') };
  const python = language === 'nodejs' ? null : await findPythonModule(path);
  if (python) return python;
  throw new SlimError('HANDLER_NOT_FOUND', [path, await findNear(path, base)]);
}

/** Dots in front of the last one lead through packages. */
async function findPythonModule(path: string): Promise<FoundEntry | null> {
  const [, module = '', exportName = null] = /^(.*)\.([^.]+)$/.exec(basename(path)) ?? [];
  const stem = join(dirname(path), ...module.split('.'));
  const found = module === '' ? null : [`${stem}.py`, join(stem, '__init__.py')];
  for (const candidate of found ?? []) if (await isFile(candidate)) return { path: candidate, exportName };
  return null;
}

async function findModule(path: string, extensions: readonly string[]): Promise<string | null> {
  const candidates = [
    path,
    ...extensions.map(e => path + e),
    ...extensions.map(e => join(path, `index${e}`)),
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
