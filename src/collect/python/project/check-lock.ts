import { SlimError } from '../../../errors.ts';
import { environmentOf } from '../../../python/markers.ts';
import { normalizeName } from '../../../python/names.ts';
import { explainFile } from '../../../python/parse-file.ts';
import type { Platform } from '../../../types.ts';
import { listWishes } from './pyproject.ts';
import { checkPython, pythonOf, readPyproject } from './pyproject-shape.ts';

/**
 * Throws `LOCK_OUTDATED` where a lock lacks what the `pyproject.toml` of the project asks for by now, `PYTHON_REFUSED` where that
 * asks for another Python. Gives the files that were read.
 */
export async function checkLock(
  lock: string,
  projectDir: string,
  lockedNames: readonly string[],
  platform: Platform,
): Promise<readonly string[]> {
  const found = await readPyproject(projectDir);
  if (!found) return [];
  const { path, content } = found;
  checkPython(path, pythonOf(content), platform);
  const known = new Set(lockedNames.map(normalizeName));
  const wishes = explainFile(path, () => listWishes(content, environmentOf(platform)));
  const missing = wishes.flatMap(({ name }) => (known.has(name) ? [] : name));
  if (missing.length > 0) throw new SlimError('LOCK_OUTDATED', [lock, path, missing]);
  return [path];
}
