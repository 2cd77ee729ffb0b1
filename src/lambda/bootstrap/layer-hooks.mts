import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

interface ResolveContext {
  readonly parentURL?: string | undefined;
}
type Resolve<T> = (specifier: string, context: ResolveContext) => T;

const folders = (process.env.NODE_PATH ?? '').split(':').filter(folder => folder !== '');

/** Looks for a package on NODE_PATH where the usual way does not find it. */
export function resolveInLayers<T>(specifier: string, context: ResolveContext, next: Resolve<T>): T {
  try {
    return next(specifier, context);
  } catch (error) {
    if (!isMissing(error, specifier)) throw error;
    for (const folder of folders) {
      try {
        return next(...lookIn(folder, specifier, context));
      } catch {
        // The next folder may have it; if none has, the first error says what was asked for.
      }
    }
    throw error;
  }
}

/** The same for hooks that run in a thread of their own, before Node.js 22.15. */
export async function resolve<T>(
  specifier: string,
  context: ResolveContext,
  next: Resolve<Promise<T>>,
): Promise<T> {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!isMissing(error, specifier)) throw error;
    for (const folder of folders) {
      try {
        return await next(...lookIn(folder, specifier, context));
      } catch {
        // As above.
      }
    }
    throw error;
  }
}

function isMissing(error: unknown, specifier: string): boolean {
  const isBare = !/^(?:\.{0,2}\/|[a-z][a-z0-9+.-]*:|#)/i.test(specifier);
  return isBare && error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}

/** `node_modules` is looked at as from a file beside it; in any other folder only the rules of `require` know the way. */
function lookIn(folder: string, specifier: string, context: ResolveContext): [string, ResolveContext] {
  if (basename(folder) === 'node_modules')
    return [specifier, { ...context, parentURL: pathToFileURL(join(dirname(folder), 'none.mjs')).href }];
  const path = createRequire(join(folder, 'none.js')).resolve(join(folder, specifier));
  return [pathToFileURL(path).href, context];
}
