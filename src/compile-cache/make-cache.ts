import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Laboratory, runHarness } from './run-harness.ts';

/**
 * Without it, the order of V8's hash tables and with it the bytes of the cache would change from run to run. It is not among the
 * flags that V8 compares before it takes a cache.
 */
const PREDICTABLE = ['--predictable'];

/** Makes the cache of a bundle, twice; null where the two differ, since a build must give the same bytes each time. */
export async function makeCache(laboratory: Laboratory, bundle: string, key: string): Promise<Buffer | null> {
  const first = await makeOnce(laboratory, bundle, key);
  return first.equals(await makeOnce(laboratory, bundle, key)) ? first : null;
}

async function makeOnce(laboratory: Laboratory, bundle: string, key: string): Promise<Buffer> {
  const cacheDir = await mkdtemp(join(laboratory.context.workDir, 'made-'));
  await runHarness(laboratory, { entry: bundle, served: [bundle], cacheDir, flags: PREDICTABLE, log: false });
  const [folder = ''] = await readdir(cacheDir);
  return readFile(join(cacheDir, folder, key));
}
