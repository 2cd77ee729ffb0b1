import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { exists, orNull } from '../../util/fs.ts';
import { toPosix } from '../../util/path.ts';
import { packageDirOf } from '../package-path.ts';
import { neverAssets } from './never-assets.ts';
import { isCode, isDeclaration, readPlainCode } from './plain-code.ts';

/** A file that code names by its path, and the file that names it. */
export interface NamedFile {
  readonly path: string;
  readonly reader: string;
  /** True for code that may be loaded into the process of the handler, not only into one of its own. */
  readonly isNear: boolean;
}

/** Without one of these, the tracer and the bundler saw the same import. */
const NAMES_PATHS = /__dirname|__filename|import\.meta|cwd|\bWorker\b|\bfork\b/;

/** Data and code that the bundled files of the user name by path, such as `join(__dirname, 'labels.json')`. Paths are absolute. */
export async function traceAssets(
  inputs: Iterable<string>,
  base: string,
  isNever: (path: string) => boolean,
): Promise<readonly NamedFile[]> {
  const bundled = new Set(inputs);
  const named: NamedFile[] = [];
  for (const reader of bundled) {
    if (packageDirOf(reader) || !isCode(reader)) continue;
    const code = await readPlainCode(reader, base);
    if (code === null) continue;
    const isNear = !/\bWorker\b|\bfork\b/.test(code);
    const inside = await tracedBase(reader, base);
    for (const path of await assetsOf(
      reader,
      code,
      inside,
      inside === base ? isNever : neverAssets(inside, inside),
    )) {
      // What the bundler followed need not be there twice, unless something else than an import asks for it.
      const isRun = path === reader ? runsItself(code) : NAMES_PATHS.test(code);
      if (!bundled.has(path) || (isCode(path) && isRun)) named.push({ path, reader, isNear });
    }
  }
  return named;
}

async function assetsOf(
  file: string,
  code: string,
  base: string,
  isNever: (path: string) => boolean,
): Promise<readonly string[]> {
  const { nodeFileTrace, resolve } = await import('@vercel/nft');
  const sources = new Set<string>();
  const { fileList } = await nodeFileTrace([file], {
    base,
    processCwd: base,
    ignore: isNever,
    readFile: async path => (path === file ? code : isCode(path) ? '' : await orNull(readFile(path))),
    stat: async path => {
      const found = await orNull(stat(path));
      const source = found ? null : await sourceOf(path);
      if (source) sources.add(toPosix(source));
      return found;
    },
    // Modules are the bundler's business, unless they are named by a path that is made at run time.
    resolve: async (id, parent, job, isRequire) =>
      isAbsolute(id) ? resolve(id, parent, job, isRequire) : [],
  });
  const meant = [...fileList].filter(path => isMeant(path, code));
  return [...meant.map(path => toPosix(join(base, path))), ...sources].filter(path => !packageDirOf(path));
}

/** The tracer also names the package.json that decides the module type. */
function isMeant(path: string, code: string): boolean {
  return !isDeclaration(path) && (!/(?:^|[\\/])package\.json$/.test(path) || code.includes('package.json'));
}

/** True for code that starts a worker or a process from the file it is in. */
function runsItself(code: string): boolean {
  const itself = /(\w+)\s*=\s*(?:\w+\.)?fileURLToPath\(import\.meta\.url\)/.exec(code)?.[1] ?? '__filename';
  return new RegExp(
    `\\b(?:Worker|fork|spawn\\w*|execFile\\w*)\\((?:[\\w.]+,\\s*\\[)?\\s*(?:new URL\\(|[\\w.]*fileURLToPath\\()?(?:__filename|import\\.meta\\.url|${itself})\\b`,
  ).test(code);
}

/** Code that is linked in from outside the project is followed in its own package, to tell what it would lack. */
async function tracedBase(file: string, base: string): Promise<string> {
  if (!relative(base, file).startsWith('..')) return base;
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    if (dirname(dir) === dir) return dirname(file);
    if (await exists(join(dir, 'package.json'))) return dir;
  }
}

/** The TypeScript file that a path in compiled code stands for. */
async function sourceOf(path: string): Promise<string | null> {
  const source = path.replace(/\.([cm]?)js$/, '.$1ts');
  return source !== path && (await exists(source)) ? source : null;
}
