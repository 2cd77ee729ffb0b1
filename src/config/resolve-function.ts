import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { findRuntime } from '../platform/runtimes.ts';
import type { PublishWishes } from '../publish-types.ts';
import { listTopLevelNames } from '../python/top-level-names.ts';
import type { BundleOptions, BytecodeMode, Platform, PythonOptions, ResolvedFunction } from '../types.ts';
import { findEntry, isPythonFile } from './find-entry.ts';
import { findRoot, isInside } from './find-root.ts';
import { resolveBudget } from './resolve-budget.ts';
import { resolveContainer } from './resolve-container.ts';
import { resolveNative } from './resolve-native.ts';
import { DEFAULT_PYTHON_RUNTIME, resolvePlatform } from './resolve-platform.ts';
import { fitTarget, resolveTarget } from './resolve-target.ts';
import { resolveRest, resolveVerify } from './resolve-verify.ts';
import { ONLY_FUNCTION } from './select-functions.ts';
import type { CliArgs, UserConfig } from './types.ts';

/** Lambda's own are 128 MiB and 3 s, with which no model loads. */
const DEFAULTS = { memoryMiB: 1024, timeoutSeconds: 30 };

/** Fills in every default of one function, whose paths are relative to `dir`. */
export async function resolveFunction(
  name: string,
  config: UserConfig & { readonly entry: string },
  dir: string,
  args: CliArgs,
  cwd = dir,
): Promise<ResolvedFunction> {
  const language = config.runtime === undefined ? undefined : findRuntime(config.runtime).language;
  const rawRoot = config.root === undefined ? null : resolve(dir, config.root);
  const { path: entry, exportName } = await findEntry(config.entry, rawRoot ?? dir, language);
  const platform = choosePlatform(config, entry);
  const root = rawRoot ?? (await findRoot(entry, dir));
  if (!isInside(entry, root)) throw new SlimError('ENTRY_OUTSIDE_ROOT', [entry, root]);
  const fn = {
    name,
    root,
    entry,
    handlerExport: config.handler ?? exportName ?? (await usualHandler(entry)),
    platform,
    ...resolvePatterns(config),
    bundle: resolveBundle(config.bundle, args),
    install: resolveInstall(config),
    container: resolveContainer(config.container, listShellArgs(name, config, platform, args, cwd)),
    python: resolvePython(config),
    level: config.level ?? 'safe',
    rules: { disable: config.rules?.disable ?? [], enable: config.rules?.enable ?? [] },
    presets: (config.presets ?? []).map(path => resolve(dir, path)),
    compress: config.compress ?? 'best',
    compileCache: config.compileCache ?? false,
    bytecode: resolveBytecode(config, platform),
    native: resolveNative(config.native, args),
    ...resolveSizes(config),
    environment: config.environment ?? {},
    verify: resolveVerify(config.verify ?? config.level === 'exact', dir),
    rest: resolveRest(config.exact, args, config.level ?? 'safe'),
    target: resolveTarget(config),
    publish: toWishes(config),
  };
  return fitTarget(fn, config);
}

/** What names this very function, from the folder `cwd`, and what beats its config. */
function listShellArgs(
  name: string,
  { entry, install }: UserConfig & { readonly entry: string },
  { runtime, arch }: Platform,
  args: CliArgs,
  cwd: string,
): readonly string[] {
  const image = install?.container;
  const named = name === ONLY_FUNCTION ? [] : ['--function', name];
  return [
    ...(args.entry === undefined ? named : [entry]),
    ...(args.config === undefined ? [] : ['--config', resolve(cwd, args.config)]),
    ...['--runtime', runtime.id, '--arch', arch],
    ...(typeof image === 'string' ? ['--container-image', image] : []),
    ...(install?.scripts ?? []).flatMap(script => ['--allow-scripts', script]),
  ];
}

function resolvePatterns({
  include = [],
  exclude = [],
  external = [],
  keep = [],
}: UserConfig): Pick<ResolvedFunction, 'include' | 'exclude' | 'external' | 'keep'> {
  return { include, exclude, external, keep };
}

function resolveSizes(
  config: UserConfig,
): Pick<ResolvedFunction, 'tmpMiB' | 'memoryMiB' | 'timeoutMs' | 'budget'> {
  return {
    budget: resolveBudget(config.budget),
    tmpMiB: config.tmpMiB ?? limits.tmpMinMiB,
    memoryMiB: config.memoryMiB ?? DEFAULTS.memoryMiB,
    timeoutMs: (config.timeoutSeconds ?? DEFAULTS.timeoutSeconds) * 1000,
  };
}

function resolvePython({ python }: UserConfig): PythonOptions {
  return { awsServices: python?.awsServices ?? null, runtimeProvides: python?.runtimeProvides ?? [] };
}

/** Only what the config says itself: publishing leaves the rest as it is. */
function toWishes({ publish, memoryMiB, timeoutSeconds, tmpMiB }: UserConfig): PublishWishes {
  return {
    config: publish ?? {},
    memoryMiB: memoryMiB ?? null,
    timeoutSeconds: timeoutSeconds ?? null,
    tmpMiB: tmpMiB ?? null,
  };
}

function resolveInstall({ install }: UserConfig): ResolvedFunction['install'] {
  return { scripts: install?.scripts ?? [], container: install?.container ?? false };
}

function resolveBytecode({ bytecode = 'auto' }: UserConfig, { runtime }: Platform): BytecodeMode {
  if (bytecode !== 'auto' && bytecode !== 'none' && runtime.language !== 'python')
    throw new SlimError('USAGE', ['Only Python functions have bytecode', 'lambda-slim build', null]);
  return bytecode;
}

/** The entry tells the language; a runtime of another one is a mistake. */
function choosePlatform({ runtime, arch }: UserConfig, entry: string): Platform {
  const isPython = isPythonFile(entry);
  const platform = resolvePlatform(runtime ?? (isPython ? DEFAULT_PYTHON_RUNTIME : undefined), arch);
  if ((platform.runtime.language === 'python') !== isPython)
    throw new SlimError('RUNTIME_MISMATCH', [entry, platform.runtime.id]);
  return platform;
}

/** Python's examples call it `lambda_handler`, those of Node.js `handler`. */
async function usualHandler(entry: string): Promise<string> {
  if (!isPythonFile(entry)) return 'handler';
  const { names } = listTopLevelNames(await readFile(entry, 'utf8'));
  return names.has('lambda_handler') && !names.has('handler') ? 'lambda_handler' : 'handler';
}

function resolveBundle(bundle: UserConfig['bundle'], args: CliArgs): false | BundleOptions {
  if (bundle === false) return false;
  const options = typeof bundle === 'object' ? bundle : {};
  return {
    format: options.format ?? 'auto',
    minify: args.minify ?? options.minify ?? true,
    sourcemap: args.sourcemap ?? options.sourcemap ?? false,
    keepNames: options.keepNames ?? false,
  };
}
