import { mkdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { ConfigPlace } from '../config/add-keep.ts';
import { findOutFile } from '../config/find-out-file.ts';
import { loadConfig } from '../config/load-config.ts';
import { resolveVerify, toGlob } from '../config/resolve-verify.ts';
import type { CliArgs, ResolvedConfig } from '../config/types.ts';
import { SlimError } from '../errors.ts';
import { type OpenRequest, openSettings } from '../lambda/open-settings.ts';
import { readManifestFacts } from '../lambda/read-manifest-facts.ts';
import type { LocalSettings } from '../lambda/types.ts';
import { findRuntime } from '../platform/runtimes.ts';
import { restPathOf } from '../rest/rest-path.ts';
import type { Context, ResolvedFunction, VerifyOptions } from '../types.ts';
import { exists } from '../util/fs.ts';
import { readOwnManifest } from '../util/own-manifest.ts';
import { checkBuilt } from './choose-artifact.ts';
import type { Io } from './io.ts';
import { type LocalArgs, toOpenRequest } from './with-local.ts';

/** What `verify` says of how the answers are compared, and what with. */
export interface VerifyArgs extends LocalArgs {
  readonly original?: string | undefined;
  readonly 'original-handler'?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly tolerance?: number | undefined;
  readonly header?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
}

/** One artifact to verify. */
export interface VerifyTarget {
  /** Zip or folder; absolute. */
  readonly artifact: string;
  readonly options: VerifyOptions;
  /** The function that it was built of; null for any other artifact. */
  readonly fn: ResolvedFunction | null;
  /** Where `--auto-keep` writes; null where no config built it. */
  readonly place: ConfigPlace | null;
  /** False where it is known that nothing is fetched at run time, whatever a function prints. */
  readonly mayFetch: boolean;
  openSlim(dir: string, context: Context): Promise<LocalSettings>;
  /** Null where there is no original to compare with. */
  openOriginal(slim: LocalSettings, dir: string, context: Context): Promise<LocalSettings | null>;
}

/** Any artifact, with the original that the command line names. */
export function toTarget(artifact: string, args: VerifyArgs, io: Io): VerifyTarget {
  const path = resolve(io.cwd, artifact);
  const request = toOpenRequest(path, args, io.cwd);
  const { original } = args;
  return {
    artifact: path,
    options: toOptions(resolveVerify(true, io.cwd), args, io.cwd),
    fn: null,
    place: null,
    mayFetch: true,
    openSlim: (dir, context) => open(request, dir, context, io),
    openOriginal: async (slim, dir, context) =>
      original === undefined
        ? null
        : open(await toOriginal(request, resolve(io.cwd, original), slim, args), dir, context, io),
  };
}

/** Every function of the config, or those that --function names: what build wrote against the function it was made of. */
export async function listTargets(args: VerifyArgs & CliArgs, io: Io): Promise<readonly VerifyTarget[]> {
  const { entry, config: file, function: names, out, runtime } = args;
  const config = await loadConfig(io.cwd, { entry, config: file, function: names, out, runtime }, io.env);
  if (args.original !== undefined && config.functions.length > 1)
    throw new SlimError('USAGE', [
      `--original is that of one function; choose it with --function: ${config.functions.map(({ name }) => name).join(', ')}`,
      'lambda-slim verify',
      null,
    ]);
  const functions = config.functions.map(fn => asBuilt(fn, findOutFile(config, fn), args));
  return (await Promise.all(functions)).map(fn => toBuiltTarget(fn, config, args, io));
}

/** An entry alone does not say what it was built for, and its artifact does; a config and its artifact have to agree. */
async function asBuilt(
  fn: ResolvedFunction,
  artifact: string,
  { entry, runtime: asked }: CliArgs,
): Promise<ResolvedFunction> {
  const facts = await readManifestFacts(artifact);
  const { runtime, arch } = fn.platform;
  const built = { runtime: facts.runtime ?? runtime.id, arch: facts.arch ?? arch };
  if (built.runtime === runtime.id && built.arch === arch) return fn;
  if (entry === undefined || (asked !== undefined && built.runtime !== runtime.id))
    throw new SlimError('BUILT_FOR_OTHER', [artifact, built, { runtime: runtime.id, arch }]);
  return { ...fn, platform: { ...fn.platform, runtime: findRuntime(built.runtime), arch: built.arch } };
}

function toBuiltTarget(fn: ResolvedFunction, config: ResolvedConfig, args: VerifyArgs, io: Io): VerifyTarget {
  const artifact = findOutFile(config, fn);
  const asked = toOpenRequest(artifact, args, io.cwd);
  const request: OpenRequest = {
    ...asked,
    runtime: fn.platform.runtime.id,
    arch: fn.platform.arch,
    memoryMiB: asked.memoryMiB ?? fn.memoryMiB,
    timeoutMs: asked.timeoutMs ?? fn.timeoutMs,
    tmpMiB: asked.tmpMiB ?? fn.tmpMiB,
    environment: { ...fn.environment, ...asked.environment },
  };
  return {
    artifact,
    options: toOptions(fn.verify, args, io.cwd),
    fn,
    place: placeOf(config, fn),
    mayFetch: fn.rest.fallback,
    async openSlim(dir, context) {
      await checkBuilt(artifact, 'verify');
      const layers = [...(request.layers ?? []), ...(await findRest(fn, artifact))];
      return open({ ...request, layers }, dir, context, io);
    },
    async openOriginal(slim, dir, context) {
      const { original } = args;
      if (original !== undefined)
        return open(await toOriginal(request, resolve(io.cwd, original), slim, args), dir, context, io);
      const { prepareOriginal } = await import('../prepare-original.ts');
      const code = join(dir, 'task');
      await mkdir(code, { recursive: true });
      const { handler } = await prepareOriginal(fn, code, context);
      const { mount = null, environment = {} } = request;
      return { ...slim, code, mount, environment, handler: args['original-handler'] ?? handler };
    },
  };
}

/** The second artifact, where the function fetches from it what it misses. */
async function findRest({ rest }: ResolvedFunction, artifact: string): Promise<readonly string[]> {
  const path = restPathOf(artifact);
  return rest.fallback && (await exists(path)) ? [path] : [];
}

/** Null where there is no file of the user's: for an entry on the command line, and what comes with lambda-slim. */
function placeOf({ source, single }: ResolvedConfig, fn: ResolvedFunction): ConfigPlace | null {
  const isOurs = source === join(readOwnManifest().root, 'package.json');
  return isOurs || !isAbsolute(source) ? null : { path: source, function: single ? null : fn.name };
}

/** The original is set up as the slim function, but for its handler, which its own manifest may name. */
async function toOriginal(
  request: OpenRequest,
  artifact: string,
  slim: LocalSettings,
  args: VerifyArgs,
): Promise<OpenRequest> {
  const { runtime, arch, memoryMiB, timeoutMs, tmpMiB } = slim;
  const handler = args['original-handler'] ?? (await readManifestFacts(artifact)).handler ?? slim.handler;
  return { ...request, artifact, handler, runtime: runtime.id, arch, memoryMiB, timeoutMs, tmpMiB };
}

function open(request: OpenRequest, dir: string, { signal }: Context, io: Io): Promise<LocalSettings> {
  return openSettings(request, {
    workDir: dir,
    signal,
    onNote: text => void io.stderr.write(text),
  });
}

/** The command line beats the config; places to ignore add up. */
function toOptions(config: VerifyOptions, args: VerifyArgs, cwd: string): VerifyOptions {
  return {
    enabled: true,
    events: args.events?.map(glob => toGlob(glob, cwd)) ?? config.events,
    tolerance: args.tolerance ?? config.tolerance,
    headers: args.header?.map(name => name.toLowerCase()) ?? config.headers,
    ignore: [...config.ignore, ...(args.ignore ?? [])],
  };
}
