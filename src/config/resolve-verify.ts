import { isAbsolute, posix } from 'node:path';
import { SlimError } from '../errors.ts';
import type { PruneLevel, RestOptions, VerifyOptions } from '../types.ts';
import { toPosix } from '../util/path.ts';
import type { CliArgs, ExactConfig, VerifyConfig } from './types.ts';

const DEFAULTS = { events: ['events/*.json'], tolerance: 1e-6, headers: ['content-type'] };

/** Fills in how the function is verified; `dir` is what globs of events are relative to. */
export function resolveVerify(config: boolean | VerifyConfig, dir: string): VerifyOptions {
  const options = typeof config === 'object' ? config : { enabled: config };
  return {
    enabled: options.enabled ?? true,
    events: (options.events ?? DEFAULTS.events).map(glob => toGlob(glob, dir)),
    tolerance: options.tolerance ?? DEFAULTS.tolerance,
    headers: (options.headers ?? DEFAULTS.headers).map(name => name.toLowerCase()),
    ignore: options.ignore ?? [],
  };
}

/** Fetching what is missed needs the artifact to fetch it from. Throws `USAGE` where flags ask for it at another level. */
export function resolveRest(config: ExactConfig = {}, args: CliArgs, level: PruneLevel): RestOptions {
  if ((args.rest || args.fallback) && level !== 'exact')
    throw new SlimError('USAGE', [
      '--rest and --fallback belong to --level exact',
      'lambda-slim build',
      null,
    ]);
  const fallback = args.fallback ?? config.fallback ?? false;
  return { write: fallback || (args.rest ?? config.rest ?? false), fallback };
}

/** A glob as an absolute one; what looks like a pattern in the folder's own name means itself. */
export function toGlob(glob: string, dir: string): string {
  if (isAbsolute(glob)) return toPosix(glob);
  const folder = toPosix(dir).replace(/[\\!$()*+?@[\]^{|}]/g, '\\$&');
  return posix.join(folder, toPosix(glob));
}
