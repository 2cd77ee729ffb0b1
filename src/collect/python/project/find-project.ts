import { dirname, join } from 'node:path';
import type { Context, ResolvedFunction } from '../../../types.ts';
import { exists } from '../../../util/fs.ts';
import { readPipfileProject } from './pipfile.ts';
import { readPipenvProject } from './pipfile-lock.ts';
import { readPoetryProject } from './poetry-lock.ts';
import { readPylockProject } from './pylock.ts';
import { readPyprojectProject } from './pyproject.ts';
import { readRequirementsProject } from './requirements-file.ts';
import type { PythonProject, ReadProject } from './types.ts';
import { readUvProject, readUvWorkspace } from './uv-lock.ts';

/**
 * The order in which files win that lie side by side: a lock says which bytes, what is loose says what would do. Of the loose ones
 * `requirements.txt` is first, since where both are there it was compiled from `pyproject.toml`.
 */
const READERS: readonly ReadProject[] = [
  readUvProject,
  readPoetryProject,
  readPipenvProject,
  readPylockProject,
  readRequirementsProject,
  async (dir, platform, env) => {
    const loose = await readPyprojectProject(dir, platform, env);
    return loose && ((await readUvWorkspace(dir, platform)) ?? loose);
  },
  readPipfileProject,
];

/**
 * Finds what a function depends on: the nearest file from its folder upwards, as far as the repository goes. Null where nothing
 * says so. Throws `DEPENDENCY_FILE_INVALID`, `LOCK_OUTDATED` or `PYTHON_REFUSED`.
 */
export async function findProject(
  { root, platform }: Pick<ResolvedFunction, 'root' | 'platform'>,
  { env }: Pick<Context, 'env'>,
): Promise<PythonProject | null> {
  for (let dir = root; ; dir = dirname(dir)) {
    for (const read of READERS) {
      const project = await read(dir, platform, env);
      if (project) return project;
    }
    if (dirname(dir) === dir || (await exists(join(dir, '.git')))) return null;
  }
}
