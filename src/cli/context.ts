import type { Context } from '../types.ts';
import { findCacheDir } from '../util/cache-dir.ts';
import { withTempDir } from '../util/fs.ts';
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
        cacheDir: args.cache === false ? null : findCacheDir(io.cwd, io.env),
        workDir,
        signal: io.signal ?? new AbortController().signal,
        progress,
      });
    } finally {
      progress.close();
    }
  });
}
