import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../../findings.ts';
import { listPythonImports } from '../../../python/imports.ts';
import { isProvided } from '../../../python/standard-library.ts';
import { listTops } from './choose-base.ts';
import type { Reached } from './trace-python.ts';

/**
 * Tells of modules that own files import and that nobody brings: neither the project nor its packages, nor Python and the runtime.
 * What stands under `try` or `if` may be missing on purpose; `external` comes from a layer.
 */
export async function findUnresolved(
  base: string,
  reached: ReadonlyMap<string, Reached>,
  installed: readonly string[],
  external: readonly string[],
): Promise<readonly Finding[]> {
  const known = new Set([
    ...(await listTops(base)),
    ...installed.map(path => path.replace(/[./].*$/, '')),
    ...external,
  ]);
  const missing = new Map<string, string>();
  for (const [path, { place }] of reached) {
    if (place.dir !== base || !path.endsWith('.py')) continue;
    for (const { level, module, isGuarded } of listPythonImports(await readFile(join(base, path), 'utf8'))) {
      const [top = ''] = module.split('.');
      const isThere = level > 0 || isGuarded || top === '' || known.has(top) || isProvided(top);
      if (!isThere && !missing.has(top)) missing.set(top, path);
    }
  }
  return [...missing].map(([module, importer]) => ({
    code: 'IMPORT_UNRESOLVED',
    level: 'warning',
    module,
    importer,
  }));
}
