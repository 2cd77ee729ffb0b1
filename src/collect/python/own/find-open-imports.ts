import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../../findings.ts';
import { findComputedImports } from '../../../python/computed-imports.ts';
import type { Reached } from './trace-python.ts';

/** Tells of own files that import modules by names which say nothing of what they mean: own modules among them are not found. */
export async function findOpenImports(
  base: string,
  reached: ReadonlyMap<string, Reached>,
): Promise<readonly Finding[]> {
  const importers: string[] = [];
  for (const [path, { place }] of reached) {
    if (place.dir !== base || !path.endsWith('.py')) continue;
    if (findComputedImports(await readFile(join(base, path), 'utf8')).isOpen) importers.push(path);
  }
  return importers.length === 0 ? [] : [{ code: 'IMPORT_COMPUTED', level: 'info', importers }];
}
