import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** Where results are kept between runs: `LAMBDA_SLIM_CACHE`, or the platform's own folder for caches. */
export function findCacheDir(cwd: string, env: Readonly<Record<string, string | undefined>>): string {
  return env.LAMBDA_SLIM_CACHE
    ? resolve(cwd, env.LAMBDA_SLIM_CACHE)
    : envPaths('lambda-slim', { suffix: '' }).cache;
}

/** True when the folder is there, or can be made, and takes files. */
export async function isUsableCacheDir(dir: string): Promise<boolean> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
