import { readFile } from 'node:fs/promises';
import { SlimError } from '../../errors.ts';
import { listTopLevelNames } from '../../python/top-level-names.ts';
import type { ResolvedFunction } from '../../types.ts';

/** Throws `HANDLER_EXPORT_MISSING` where the entry, by all that its source shows, has no such function. */
export async function checkHandler({ entry, handlerExport }: ResolvedFunction): Promise<void> {
  const { names, functions, isComplete } = listTopLevelNames(await readFile(entry, 'utf8'));
  if (isComplete && !names.has(handlerExport))
    throw new SlimError('HANDLER_EXPORT_MISSING', [handlerExport, entry, functions]);
}
