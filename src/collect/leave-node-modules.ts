import { cp } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Context, ResolvedFunction } from '../types.ts';
import { toPosix } from '../util/path.ts';

const MARK = '/node_modules/';

/**
 * A function that itself lies in a node_modules folder, as the one that comes with lambda-slim does once it is installed, is
 * built from a copy, since there nobody could tell its files from those of a package.
 */
export async function leaveNodeModules(fn: ResolvedFunction, context: Context): Promise<ResolvedFunction> {
  if (!`${toPosix(fn.root)}/`.includes(MARK)) return fn;
  const root = join(context.workDir, 'function');
  const isOwn = (path: string): boolean => !`${toPosix(relative(fn.root, path))}/`.includes('node_modules/');
  await cp(fn.root, root, { recursive: true, preserveTimestamps: true, filter: isOwn });
  return { ...fn, root, entry: join(root, relative(fn.root, fn.entry)) };
}
