import { resolve } from 'node:path';
import type { PublishConfig } from '../publish-types.ts';
import { toGlob } from './resolve-verify.ts';
import type { CliArgs, ContainerConfig, NativeConfig, PythonConfig, UserConfig } from './types.ts';

type Bundle = UserConfig['bundle'];

/** Whether an image is used, or which one. */
type Choice = boolean | string | undefined;

/** Lays one set of settings over another: single values are replaced, lists add up. */
export function mergeConfig(below: UserConfig, above: UserConfig): UserConfig {
  return {
    ...below,
    ...dropUndefined(above),
    include: add(below.include, above.include),
    exclude: add(below.exclude, above.exclude),
    external: add(below.external, above.external),
    keep: add(below.keep, above.keep),
    presets: add(below.presets, above.presets),
    install: {
      scripts: add(below.install?.scripts, above.install?.scripts),
      container: mergeImage(below.install?.container, above.install?.container),
    },
    rules: {
      disable: add(below.rules?.disable, above.rules?.disable),
      enable: add(below.rules?.enable, above.rules?.enable),
    },
    container: mergeContainer(below.container, above.container),
    python: mergePython(below.python, above.python),
    bundle: mergeBundle(below.bundle, above.bundle),
    native: mergeNative(below.native, above.native),
    environment: { ...below.environment, ...above.environment },
    verify: mergeVerify(below.verify, above.verify),
    budget: { ...below.budget, ...dropUndefined(above.budget ?? {}) },
    exact: { ...below.exact, ...dropUndefined(above.exact ?? {}) },
    publish: mergePublish(below.publish, above.publish),
  };
}

/** The command line as a layer over a function's settings; its paths are relative to `cwd`. */
export function toLayer(args: CliArgs, cwd: string): UserConfig {
  return {
    runtime: args.runtime,
    arch: args.arch,
    level: args.level,
    keep: args.keep,
    external: args.external,
    include: args.include,
    exclude: args.exclude,
    install: { scripts: args.allowScripts, container: toContainer(args) },
    container: { engine: args.engine },
    presets: (args.preset ?? []).map(path => resolve(cwd, path)),
    rules: { disable: args.disableRule, enable: args.enableRule },
    compress: args.compress,
    compileCache: args.compileCache,
    bytecode: args.bytecode,
    tmpMiB: args.tmp,
    target: args.target === 'layer' ? 'zip' : args.target,
    bundle: args.bundle,
    verify: toVerify(args, cwd),
  };
}

/** Who names events wants them run; those of the command line take the place of the config's. */
function toVerify({ events, verify }: CliArgs, cwd: string): UserConfig['verify'] {
  if (events === undefined) return verify;
  return { enabled: verify, events: events.map(glob => toGlob(glob, cwd)) };
}

function add(a: readonly string[] = [], b: readonly string[] = []): readonly string[] {
  return [...new Set([...a, ...b])];
}

/** True keeps the image that was named below it. */
function mergeImage(below: Choice, above: Choice): Choice {
  return above === true && typeof below === 'string' ? below : (above ?? below);
}

/** Who names an image wants it used. */
function toContainer({ container, containerImage }: CliArgs): Choice {
  return container === false ? false : (containerImage ?? container);
}

/** Lists add up; of libraries, all of them is more than any. */
function mergeContainer(below: ContainerConfig = {}, above: ContainerConfig = {}): ContainerConfig {
  return {
    ...below,
    ...dropUndefined(above),
    packages: add(below.packages, above.packages),
    environment: add(below.environment, above.environment),
    vendorLibraries:
      below.vendorLibraries === true || above.vendorLibraries === true
        ? true
        : add(below.vendorLibraries, above.vendorLibraries),
  };
}

/** Without any list nothing is declared, which is not the same as an empty one. */
function mergePython(below: PythonConfig = {}, above: PythonConfig = {}): PythonConfig {
  const isDeclared = below.awsServices !== undefined || above.awsServices !== undefined;
  return {
    awsServices: isDeclared ? add(below.awsServices, above.awsServices) : undefined,
    runtimeProvides:
      below.runtimeProvides === true || above.runtimeProvides === true
        ? true
        : add(below.runtimeProvides, above.runtimeProvides),
  };
}

/** Lists add up, as everywhere; `compress` is one choice. */
function mergeNative(below: NativeConfig = {}, above: NativeConfig = {}): NativeConfig {
  return {
    ...below,
    ...dropUndefined(above),
    stripExcept: add(below.stripExcept, above.stripExcept),
  };
}

/** As with bundling; the events of a function take the place of those that all share. */
function mergeVerify(below: UserConfig['verify'], above: UserConfig['verify']): UserConfig['verify'] {
  if (above === undefined) return below;
  if (typeof below !== 'object') return above;
  return { ...below, ...(typeof above === 'object' ? dropUndefined(above) : { enabled: above }) };
}

/** The section of a target refines that which all share. */
function mergePublish(below: PublishConfig = {}, above: PublishConfig = {}): PublishConfig {
  return {
    ...below,
    ...dropUndefined(above),
    ...dropUndefined({
      efs: mergeSection(below.efs, above.efs),
      sagemaker: mergeSection(below.sagemaker, above.sagemaker),
    }),
  };
}

function mergeSection<T extends object>(below: T | undefined, above: T | undefined): T | undefined {
  return below && above ? { ...below, ...dropUndefined(above) } : (above ?? below);
}

/** An object refines an object; true keeps the options below it. */
function mergeBundle(below: Bundle, above: Bundle): Bundle {
  if (above === undefined) return below;
  if (above === true) return typeof below === 'object' ? below : true;
  if (typeof above === 'object' && typeof below === 'object') return { ...below, ...dropUndefined(above) };
  return above;
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
