import { lstat, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { orNull } from '../util/fs.ts';
import { toPosix } from '../util/path.ts';

const MARK = '/node_modules/';

/** The folder of the installed package that a file belongs to, or null for the user's own files. */
export function packageDirOf(file: string): string | null {
  const path = toPosix(file);
  const at = path.lastIndexOf(MARK);
  if (at < 0) return null;
  const name = packageNameOf(path.slice(at + MARK.length));
  return name === null ? null : path.slice(0, at + MARK.length) + name;
}

/** The package part of an import specifier: `@scope/name/sub` gives `@scope/name`; null for paths and `#imports`. Prisma's generated client is one. */
export function packageNameOf(specifier: string): string | null {
  return /^((?:@[^/\\]+|\.prisma)\/[^/\\]+|[^@./\\#][^/\\]*)/.exec(specifier)?.[0] ?? null;
}

/** Where a package was found: `dir` is its real folder, `path` the one in node_modules, a link where they differ. */
export interface FoundPackage {
  readonly path: string;
  readonly dir: string;
}

/** Finds an installed package as Node does: in node_modules of `fromDir` and of every folder above it. */
export async function findPackage(name: string, fromDir: string): Promise<FoundPackage | null> {
  for (let dir = fromDir; ; dir = dirname(dir)) {
    if (!dir.endsWith('/node_modules')) {
      const path = join(dir, 'node_modules', name);
      if (await orNull(lstat(join(path, 'package.json')))) return { path, dir: await realpath(path) };
    }
    if (dirname(dir) === dir) return null;
  }
}
