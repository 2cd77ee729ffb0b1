import type { EngineName } from '../container/types.ts';
import type { PublishConfig, PublishTarget } from '../publish-types.ts';
import type {
  Arch,
  BuildTarget,
  BundleOptions,
  BytecodeMode,
  CompressLevel,
  PruneLevel,
  ResolvedFunction,
} from '../types.ts';

/** One function as people write it; only `entry` must be there. `docs/config.md` describes every key. */
export interface FunctionConfig {
  /** Folder of the function's own package.json, relative to the config file. Default: the nearest above `entry`. */
  readonly root?: string | undefined;
  /** `src/handler.ts`, relative to `root`, or to the config file where there is no `root`. AWS's `src/handler.handler` works too. */
  readonly entry: string;
  /** Export name, may be nested: `api.handler`. Default `handler`. */
  readonly handler?: string | undefined;
  /** Id of a Lambda runtime. Default `nodejs24.x`. */
  readonly runtime?: string | undefined;
  /** Default `x64`. */
  readonly arch?: Arch | 'x86_64' | undefined;
  /** Globs relative to `root` of files that go into the artifact as they are. */
  readonly include?: readonly string[] | undefined;
  /** Globs relative to `root` of files that stay out. */
  readonly exclude?: readonly string[] | undefined;
  /** Packages that are never bundled. */
  readonly external?: readonly string[] | undefined;
  /** False leaves every package outside the bundle. Default true. */
  readonly bundle?:
    | boolean
    | { readonly [K in keyof BundleOptions]?: BundleOptions[K] | undefined }
    | undefined;
  /** `scripts` names packages whose install scripts may run; `container` installs packages in an image of the runtime. */
  readonly install?:
    | {
        readonly scripts?: readonly string[] | undefined;
        /** True is the image of AWS's SAM; a name is one of your own. Default false. */
        readonly container?: boolean | string | undefined;
      }
    | undefined;
  /** How the image is run that `install.container` is about. */
  readonly container?: ContainerConfig | undefined;
  readonly python?: PythonConfig | undefined;
  /** `bold` also runs the rules whose risk is `caution`. Default `safe`. */
  readonly level?: PruneLevel | undefined;
  /** Rules, by id such as `sharp/other-platforms`, to switch off or on. */
  readonly rules?:
    | { readonly disable?: readonly string[] | undefined; readonly enable?: readonly string[] | undefined }
    | undefined;
  /** Globs over paths in the artifact that no rule may remove. */
  readonly keep?: readonly string[] | undefined;
  /** Paths of your own presets, relative to the config file. */
  readonly presets?: readonly string[] | undefined;
  /** Default `best`. */
  readonly compress?: CompressLevel | undefined;
  /** Ships V8's compile cache for the bundle. Default false. */
  readonly compileCache?: boolean | undefined;
  /** Whether bytecode of Python is shipped, and how. Default `auto`: `unchecked` where it can be made and fits. */
  readonly bytecode?: BytecodeMode | undefined;
  readonly native?: NativeConfig | undefined;
  /** Size of the function's `/tmp`, MiB. Default 512. */
  readonly tmpMiB?: number | undefined;
  /** Memory size of the function, MiB. Default 1024. */
  readonly memoryMiB?: number | undefined;
  /** Default 30. */
  readonly timeoutSeconds?: number | undefined;
  /** The function's own variables. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Whether and how `build` runs the artifact against the original function. Default false. */
  readonly verify?: boolean | VerifyConfig | undefined;
  /** What becomes of the files that level `exact` takes out. */
  readonly exact?: ExactConfig | undefined;
  /** What it may weigh, grow by and take to start; more is a finding of level error. Default: no bounds. */
  readonly budget?: BudgetConfig | undefined;
  /** What is built. Default: what "target" of "publish" needs, else `zip`. */
  readonly target?: BuildTarget | undefined;
  /** How the function is put into an account. */
  readonly publish?: PublishConfig | undefined;
}

/** How a function is verified. */
export interface VerifyConfig {
  /** Whether `build` does it; `lambda-slim verify` always does. Default true. */
  readonly enabled?: boolean | undefined;
  /** Globs of JSON files with events, relative to the config file. Default `events/*.json` beside it. */
  readonly events?: readonly string[] | undefined;
  /** How much numbers may differ: relative to the larger one, and absolutely below 1. Default 1e-6. */
  readonly tolerance?: number | undefined;
  /** HTTP headers that have to be equal. Default `content-type`. */
  readonly headers?: readonly string[] | undefined;
  /** Places of an answer that may differ, such as `body.requestId`. */
  readonly ignore?: readonly string[] | undefined;
}

/** What a Python function has in AWS, so that its packages need not bring it. */
export interface PythonConfig {
  /** Services of AWS that the function calls, by their names in boto3 (`s3`). The data that botocore has of others stays out. */
  readonly awsServices?: readonly string[] | undefined;
  /** Packages that the runtime brings and that stay out of the artifact; true is the SDK with what only that needs. Default none. */
  readonly runtimeProvides?: true | readonly string[] | undefined;
}

/** Bounds of a function. Sizes have a unit: `60 MB` is 60,000,000 bytes, `60 MiB` 62,914,560. */
export interface BudgetConfig {
  readonly unzipped?: string | undefined;
  readonly zipped?: string | undefined;
  /** Since the baseline of `check --baseline`: `5 %`, or a size. */
  readonly growth?: string | undefined;
  /** Of the init, where verifying measured it. */
  readonly initMs?: number | undefined;
}

export interface ExactConfig {
  /** Writes them into a second artifact, which is also a layer. Default false. */
  readonly rest?: boolean | undefined;
  /** Lets the function fetch a missed file from there at run time. Default false. */
  readonly fallback?: boolean | undefined;
}

/** What may be done to native libraries. */
export interface NativeConfig {
  /** Default true. */
  readonly strip?: boolean | undefined;
  /** Globs over paths in the artifact of files that are never stripped. */
  readonly stripExcept?: readonly string[] | undefined;
  /** Byte-identical libraries become one file and links to it. Default true. */
  readonly dedupe?: boolean | undefined;
  /** Ships large libraries compressed; they are inflated into `/tmp` at run time. Default false. */
  readonly compress?: boolean | CompressConfig | undefined;
}

export interface CompressConfig {
  /** Libraries of this size and larger, bytes. Default 1 MiB. */
  readonly minBytes?: number | undefined;
  /** Globs over paths in the artifact: these, whatever their size, and no others. */
  readonly only?: readonly string[] | undefined;
  readonly except?: readonly string[] | undefined;
}

/** How the container of an installation is run. */
export interface ContainerConfig {
  /** Default: the first of them that answers. */
  readonly engine?: EngineName | undefined;
  /** System packages that the image lacks, by the names of its own package manager. */
  readonly packages?: readonly string[] | undefined;
  /** Names of variables of this machine that are seen in the container. Default none, but those of proxies. */
  readonly environment?: readonly string[] | undefined;
  /** Network of the engine, such as `host`. */
  readonly network?: string | undefined;
  /** Default: no limit. */
  readonly cpus?: number | undefined;
  /** MiB. Default: no limit. */
  readonly memoryMiB?: number | undefined;
  /** Default 1800. */
  readonly timeoutSeconds?: number | undefined;
  /** System libraries of the image that are shipped: those named, or (true) those that Lambda lacks. Default none. */
  readonly vendorLibraries?: true | readonly string[] | undefined;
}

/** What a config file holds: one function, or several that share the settings beside `functions`. */
export interface UserConfig extends Omit<FunctionConfig, 'entry'> {
  /** The one function's file, where there are no `functions`. */
  readonly entry?: string | undefined;
  /** By name; the name is also the file name of the artifact. */
  readonly functions?: Readonly<Record<string, FunctionConfig>> | undefined;
  /** Folder for the artifacts, relative to the config file. Default `lambda-slim-out`. */
  readonly out?: string | undefined;
}

/** What the command line says; paths are relative to the current folder. It beats the config, and adds to its lists. */
export interface CliArgs {
  readonly entry?: string | undefined;
  readonly config?: string | undefined;
  readonly function?: readonly string[] | undefined;
  readonly out?: string | undefined;
  readonly runtime?: string | undefined;
  readonly arch?: Arch | 'x86_64' | undefined;
  readonly level?: PruneLevel | undefined;
  readonly keep?: readonly string[] | undefined;
  readonly external?: readonly string[] | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly allowScripts?: readonly string[] | undefined;
  readonly container?: boolean | undefined;
  readonly containerImage?: string | undefined;
  readonly engine?: EngineName | undefined;
  readonly preset?: readonly string[] | undefined;
  readonly disableRule?: readonly string[] | undefined;
  readonly enableRule?: readonly string[] | undefined;
  readonly compress?: CompressLevel | undefined;
  readonly compileCache?: boolean | undefined;
  readonly bytecode?: BytecodeMode | undefined;
  readonly strip?: boolean | undefined;
  readonly dedupe?: boolean | undefined;
  readonly compressLibraries?: boolean | undefined;
  readonly tmp?: number | undefined;
  readonly verify?: boolean | undefined;
  /** Globs of events, instead of those of the config. */
  readonly events?: readonly string[] | undefined;
  readonly rest?: boolean | undefined;
  readonly fallback?: boolean | undefined;
  /** `layer` builds a zip. */
  readonly target?: PublishTarget | undefined;
  readonly bundle?: boolean | undefined;
  readonly minify?: boolean | undefined;
  readonly sourcemap?: boolean | undefined;
}

/** A config as it was found: its folder is what its paths are relative to. */
export interface LoadedConfig {
  readonly config: UserConfig;
  readonly dir: string;
  /** Path of the file, or `command line`. */
  readonly source: string;
}

export interface ResolvedConfig {
  readonly functions: readonly ResolvedFunction[];
  readonly outDir: string;
  /** Where the config came from: a path, or `command line`. */
  readonly source: string;
  /** The config has one function only, so its artifact is called `function.zip`. */
  readonly single: boolean;
}
