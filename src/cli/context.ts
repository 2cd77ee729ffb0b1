import { printable } from '../report/printable.ts';
import type { Context } from '../types.ts';
import { findCacheDir, isUsableCacheDir } from '../util/cache-dir.ts';
import { withTempDir } from '../util/fs.ts';
import type { Io } from './io.ts';
import { makeProgress } from './progress.ts';
import type { Session } from './session.ts';

/** Gives `use` the surroundings of a build; the work folder and the progress line are gone afterwards in every case. */
export function withContext<T>(
  { io, json }: Session,
  args: { readonly cache?: boolean | undefined },
  use: (context: Context) => Promise<T>,
): Promise<T> {
  const redraw = io.stderr.isTTY === true && !io.env.CI && io.env.TERM !== 'dumb' && !json;
  const progress = makeProgress(io.stderr, { redraw, now: () => performance.now() });
  return withTempDir(async workDir => {
    try {
      return await use({
        cwd: io.cwd,
        env: io.env,
        cacheDir: args.cache === false ? null : await chooseCacheDir(io),
        workDir,
        signal: io.signal ?? new AbortController().signal,
        progress,
      });
    } finally {
      progress.close();
    }
  });
}

/** A cache that cannot be written is no reason not to build. */
async function chooseCacheDir({ cwd, env, stderr }: Io): Promise<string | null> {
  const dir = findCacheDir(cwd, env);
  if (await isUsableCacheDir(dir)) return dir;
  stderr.write(`The cache folder ${printable(dir)} cannot be written, so nothing is kept between runs.\n`);
  return null;
}
