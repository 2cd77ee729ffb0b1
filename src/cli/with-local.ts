import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { InferredOptionTypes } from 'yargs';
import { type OpenRequest, openSettings } from '../lambda/open-settings.ts';
import { startFunction } from '../lambda/start-function.ts';
import type { IsolationChoice, LocalFunction, LocalSettings } from '../lambda/types.ts';
import { findCacheDir } from '../util/cache-dir.ts';
import { withTempDir } from '../util/fs.ts';
import type { Io } from './io.ts';
import type { localOptions } from './local-options.ts';

export type LocalArgs = InferredOptionTypes<typeof localOptions> & { readonly cache?: boolean | undefined };

/** What the command line says of a function and how it is to be run. */
export function toOpenRequest(artifact: string, args: LocalArgs, cwd: string): OpenRequest {
  const packages = args['runtime-packages'];
  return {
    artifact,
    layers: (args.layer ?? []).map(layer => resolve(cwd, layer)),
    mount: args.mount ? { ...args.mount, folder: resolve(cwd, args.mount.folder) } : null,
    handler: args.handler,
    runtime: args.runtime,
    memoryMiB: args.memory,
    timeoutMs: args.timeout === undefined ? undefined : args.timeout * 1000,
    tmpMiB: args.tmp,
    environment: args.env,
    runtimePackages: packages === undefined ? null : resolve(cwd, packages),
  };
}

export function toIsolation(args: LocalArgs): IsolationChoice {
  // Who names an image wants it to be used.
  const wantsContainer = args.container || (args.image !== undefined && args.isolation === undefined);
  return wantsContainer ? 'container' : (args.isolation ?? 'auto');
}

/** Opens an artifact as a local function for `use`; its sandbox and its folders are gone afterwards in every case. */
export function withLocal<T>(
  artifact: string,
  args: LocalArgs,
  io: Io,
  use: (fn: LocalFunction, settings: LocalSettings) => Promise<T>,
): Promise<T> {
  const signal = io.signal ?? new AbortController().signal;
  // Python's runtime client parts the lines of a failure by these, and a terminal would write them over one another.
  const onLog = (text: string): void => void io.stderr.write(text.replace(/\r(?!\n)/g, '\n'));
  return withTempDir(async dir => {
    const settings = await openSettings(toOpenRequest(artifact, args, io.cwd), {
      workDir: dir,
      signal,
      onNote: onLog,
    });
    const workDir = join(dir, 'work');
    await mkdir(workDir);
    const fn = await startFunction(settings, {
      isolation: toIsolation(args),
      image: args.image,
      workDir,
      cacheDir: args.cache === false ? null : findCacheDir(io.cwd, io.env),
      hostEnv: io.env,
      signal,
      onLog,
    });
    try {
      return await use(fn, settings);
    } finally {
      await fn.stop();
    }
  });
}
