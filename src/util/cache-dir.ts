import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** Where results are kept between runs: `LAMBDA_SLIM_CACHE`, or the platform's own folder for caches. */
export function findCacheDir(cwd: string, env: Readonly<Record<string, string | undefined>>): string {
  return env.LAMBDA_SLIM_CACHE
    ? resolve(cwd, env.LAMBDA_SLIM_CACHE)
    : envPaths('lambda-slim', { suffix: '' }).cache;
}
