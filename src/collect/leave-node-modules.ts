import { cp } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Context, ResolvedFunction } from '../types.ts';
import { toPosix } from '../util/path.ts';
import { packageDirOf } from './package-path.ts';

/**
 * A function that itself lies in a node_modules folder, as those that come with lambda-slim do once it is installed, is built from
 * a copy, since there nobody could tell its files from those of a package. All of its package is copied: it may import from there.
 */
export async function leaveNodeModules(fn: ResolvedFunction, context: Context): Promise<ResolvedFunction> {
  const home = packageDirOf(`${fn.root}/`);
  if (home === null) return fn;
  const copy = join(context.workDir, 'function');
  const isOwn = (path: string): boolean => !`${toPosix(relative(home, path))}/`.includes('node_modules/');
  await cp(home, copy, { recursive: true, preserveTimestamps: true, filter: isOwn });
  const moved = (path: string): string => join(copy, relative(home, path));
  return { ...fn, root: moved(fn.root), entry: moved(fn.entry) };
}
