import { resolve } from 'node:path';
import { buildFunction } from './build-function.ts';
import { type ArtifactCheck, checkArtifact } from './check/check-artifact.ts';
import { measureEnvironment } from './check/check-settings.ts';
import { findOutFile } from './config/find-out-file.ts';
import { loadConfig } from './config/load-config.ts';
import { resolvePlatform } from './config/resolve-platform.ts';
import type { CliArgs, ResolvedConfig } from './config/types.ts';
import { planFunction } from './pipeline.ts';
import { limits } from './platform/limits.ts';
import type { BuildResult, Context, Progress, ResolvedFunction } from './types.ts';
import { findCacheDir } from './util/cache-dir.ts';
import { withTempDir } from './util/fs.ts';

export type { ArtifactCheck } from './check/check-artifact.ts';
export type { ArtifactFacts } from './check/natives/inspected.ts';
export { defineConfig } from './config/define-config.ts';
export type { FunctionConfig, UserConfig } from './config/types.ts';
export { type ErrorCode, SlimError } from './errors.ts';
export type { Finding, FindingCode, FindingLevel } from './findings.ts';
export type * from './types.ts';

/** The options of the command line by their names in camelCase, and what a program may want besides. */
export interface Options extends CliArgs {
  /** Folder that paths are relative to and the config is looked for in. Default: the current one. */
  readonly cwd?: string;
  /** Where results are kept between runs; null keeps none. Default: that of the command line. */
  readonly cacheDir?: string | null;
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
}

/**
 * Builds the functions of the config (or `options.entry`) and writes their artifacts. Sizes in the results are bytes.
 * Findings are results, also those of level `error`; a `SlimError` is thrown where nothing could be built.
 */
export function build(options: Options = {}): Promise<readonly BuildResult[]> {
  return forEachFunction(options, (fn, config, context) =>
    buildFunction(fn, findOutFile(config, fn), context),
  );
}

/** Says what would be in the artifacts and why the rest would not, and writes nothing. Throws like `build`. */
export function plan(options: Options = {}): Promise<readonly BuildResult[]> {
  return forEachFunction(options, (fn, _config, context) => planFunction(fn, context));
}

/** What `check` may be told beside the artifact. */
export interface CheckOptions {
  readonly runtime?: string;
  readonly arch?: 'x64' | 'arm64';
  /** Zips or folders of layers, in the order they are attached. */
  readonly layers?: readonly string[];
  /** Size of the function's `/tmp`, MiB. Default 512. */
  readonly tmpMiB?: number;
  /** Such as `index.handler`; looked for where a runtime is named as well. */
  readonly handler?: string;
  /** Variables of the function, which may take 4 KB. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Checks a zip or an unpacked folder that any tool made: Lambda's limits, and whether its native libraries would load; the
 * latter in full where a runtime or CPU is named. Throws `INPUT_UNREADABLE`, `NOT_A_ZIP`, `FILE_CHANGED`, `UNKNOWN_RUNTIME`,
 * `CANCELLED`.
 */
export function check(path: string, options: CheckOptions = {}): Promise<ArtifactCheck> {
  const { runtime, arch, layers = [], signal = new AbortController().signal } = options;
  const isAsked = runtime !== undefined || arch !== undefined;
  return checkArtifact(resolve(path), {
    platform: isAsked ? resolvePlatform(runtime, arch) : null,
    layers: layers.map(layer => resolve(layer)),
    tmpMiB: options.tmpMiB ?? limits.tmpMinMiB,
    handler: options.handler ?? null,
    environmentBytes: options.environment ? measureEnvironment(options.environment) : null,
    signal,
  });
}

const SILENT: Progress = { start: () => {}, tick: () => {}, done: () => {} };

async function forEachFunction(
  options: Options,
  task: (fn: ResolvedFunction, config: ResolvedConfig, context: Context) => Promise<BuildResult>,
): Promise<readonly BuildResult[]> {
  const { cwd = process.cwd(), signal = new AbortController().signal, progress = SILENT } = options;
  const cacheDir = options.cacheDir === undefined ? findCacheDir(cwd, process.env) : options.cacheDir;
  const config = await loadConfig(cwd, options, process.env);
  const results: BuildResult[] = [];
  for (const fn of config.functions) {
    const context = { cwd, env: process.env, cacheDir, signal, progress };
    results.push(await withTempDir(workDir => task(fn, config, { ...context, workDir })));
  }
  return results;
}
