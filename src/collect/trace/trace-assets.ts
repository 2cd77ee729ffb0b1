import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { exists, orNull } from '../../util/fs.ts';
import { toPosix } from '../../util/path.ts';
import { packageDirOf } from '../package-path.ts';
import { isCode, isDeclaration, readPlainCode } from './plain-code.ts';

/** A file that code names by its path, and the file that names it. */
export interface NamedFile {
  readonly path: string;
  readonly reader: string;
}

/** Starts code from a file, be it the one it is in. */
const RUNS_FILES = /\bWorker\b|\bfork\b|\bspawn\b/;

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
    for (const path of await assetsOf(reader, code, base, isNever)) {
      // What the bundler followed need not be there twice, unless something else than an import asks for it.
      const isRun = RUNS_FILES.test(code) || (path !== reader && /__dirname|import\.meta|cwd/.test(code));
      if (!bundled.has(path) || (isCode(path) && isRun)) named.push({ path, reader });
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
  const { fileList, reasons } = await nodeFileTrace([file], {
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
    resolve: async (id, parent, job, isRequire) => (isAbsolute(id) ? resolve(id, parent, job, isRequire) : []),
  });
  const absolute = [...fileList].filter(path => isMeant(path, code, reasons.get(path)?.type ?? []));
  return [...absolute.map(path => toPosix(join(base, path))), ...sources].filter(path => !packageDirOf(path));
}

/** The tracer also names the file itself, and the package.json that decides the module type. */
function isMeant(path: string, code: string, types: readonly string[]): boolean {
  if (types.every(type => type === 'initial')) return false;
  return !isDeclaration(path) && (!/(?:^|[\\/])package\.json$/.test(path) || code.includes('package.json'));
}

/** The TypeScript file that a path in compiled code stands for. */
async function sourceOf(path: string): Promise<string | null> {
  const source = path.replace(/\.([cm]?)js$/, '.$1ts');
  return source !== path && (await exists(source)) ? source : null;
}
