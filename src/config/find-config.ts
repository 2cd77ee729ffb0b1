import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlimError } from '../errors.ts';
import { isMissing } from '../util/fs.ts';
import { readPackageConfig } from './read-config.ts';

export const CONFIG_NAMES = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'].map(
  extension => `lambda-slim.config.${extension}`,
);

/** Path of the nearest config in `cwd` or above, up to the folder with `.git`; null when there is none. */
export async function findConfig(cwd: string): Promise<string | null> {
  for (let dir = cwd; ; dir = dirname(dir)) {
    const names = await listNames(dir);
    const found = await pickConfigs(dir, names);
    if (found.length > 1) throw new SlimError('CONFIG_AMBIGUOUS', [dir, found]);
    if (found[0]) return join(dir, found[0]);
    if (names.has('.git') || dirname(dir) === dir) return null;
  }
}

/** Names of the configs that lie in a folder itself. */
export async function findConfigsIn(dir: string): Promise<readonly string[]> {
  return pickConfigs(dir, await listNames(dir));
}

async function pickConfigs(dir: string, names: ReadonlySet<string>): Promise<readonly string[]> {
  const isInPackage =
    names.has('package.json') && (await readPackageConfig(join(dir, 'package.json'))) !== undefined;
  return [...CONFIG_NAMES.filter(name => names.has(name)), ...(isInPackage ? ['package.json'] : [])];
}

async function listNames(dir: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(dir));
  } catch (error) {
    if (isMissing(error) || isForbidden(error)) return new Set();
    throw error;
  }
}

/** A folder above the project may be closed to us; it holds no config of ours then. */
function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
}
