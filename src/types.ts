import type { Artifact, Budget, BytecodeReport, CompileCacheReport } from './artifact-types.ts';
import type { ContainerOptions } from './container/types.ts';
import type { EfsOptions, EfsReport } from './efs-types.ts';
import type { Finding } from './findings.ts';
import type { NativeOptions, NativeReport } from './native-types.ts';
import type { PublishWishes } from './publish-types.ts';
import type { Tree } from './tree-types.ts';
import type { ExactReport, RestOptions, VerifyOptions, VerifyReport } from './verify-types.ts';

export type * from './artifact-types.ts';
export type * from './efs-types.ts';
export type * from './native-types.ts';
export type * from './tree-types.ts';
export type * from './verify-types.ts';

export const ARCHS = ['x64', 'arm64'] as const;
/** CPU of the function, in npm's words; AWS says `x86_64` for `x64`. */
export type Arch = (typeof ARCHS)[number];

export const COMPRESS_LEVELS = ['fast', 'best', 'max'] as const;
export type CompressLevel = (typeof COMPRESS_LEVELS)[number];

export const PRUNE_LEVELS = ['safe', 'bold', 'exact'] as const;
/** `bold` also runs the rules whose risk is `caution`; `exact` keeps only what the static trace or a recorded run needs. */
export type PruneLevel = (typeof PRUNE_LEVELS)[number];

export const BYTECODE_MODES = ['auto', 'checked', 'unchecked', 'only', 'none'] as const;
/**
 * Whether bytecode of Python goes into the artifact: beside its sources with a hash of them that Python checks or does not check on
 * each import, or in place of them. `auto` is `unchecked` where it can be made here and fits.
 */
export type BytecodeMode = (typeof BYTECODE_MODES)[number];

export const BUILD_TARGETS = ['zip', 'efs', 'sagemaker'] as const;
/** `efs` leaves packages and models out of the zip, for a file system that Lambda mounts; `sagemaker` makes a model archive. */
export type BuildTarget = (typeof BUILD_TARGETS)[number];

export type Ecosystem = 'npm' | 'pypi';

/** A row of `platform/runtimes.json`. Dates are `YYYY-MM-DD`, or null where none is announced. */
export interface Runtime {
  readonly id: string;
  readonly language: 'nodejs' | 'python';
  /** Node.js major (`24`) or Python minor (`3.12`). */
  readonly version: string;
  readonly os: 'al2' | 'al2023';
  readonly glibc: string;
  readonly glibcxx: string;
  readonly cxxabi: string;
  readonly deprecated: string | null;
  readonly blockCreate: string | null;
  readonly blockUpdate: string | null;
}

/** What the artifact has to run on. It never depends on the host. */
export interface Platform {
  readonly runtime: Runtime;
  readonly os: 'linux';
  readonly arch: Arch;
  readonly libc: 'glibc';
}

export const BUNDLE_FORMATS = ['auto', 'esm', 'cjs'] as const;

export interface BundleOptions {
  readonly format: (typeof BUNDLE_FORMATS)[number];
  readonly minify: boolean;
  readonly sourcemap: boolean;
  readonly keepNames: boolean;
}

/** What only a function in Python asks. */
export interface PythonOptions {
  /** Services of AWS that the function calls, by their names in boto3 (`s3`); null where the config does not say. */
  readonly awsServices: readonly string[] | null;
  /** Distributions that the runtime brings and that stay out of the artifact, by normalised name. */
  readonly runtimeProvides: true | readonly string[];
  /** Distributions, by normalised name, that are not even installed: the image that it will run in has them. */
  readonly elsewhere?: readonly string[];
}

/** One function as the config stage hands it on: every path absolute, nothing left to default. */
export interface ResolvedFunction {
  readonly name: string;
  /** Folder of the function's own package.json. */
  readonly root: string;
  /** The file with the handler; inside `root`. */
  readonly entry: string;
  /** Export name, may be nested: `handler`, `api.handler`. */
  readonly handlerExport: string;
  readonly platform: Platform;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly external: readonly string[];
  /** False leaves every package outside the bundle; the user's own code is always bundled. */
  readonly bundle: false | BundleOptions;
  readonly install: {
    readonly scripts: readonly string[];
    /** Installs in an image, that of AWS's SAM or one named; false installs on this machine. */
    readonly container: boolean | string;
  };
  readonly container: ContainerOptions;
  readonly python: PythonOptions;
  readonly level: PruneLevel;
  readonly rules: { readonly disable: readonly string[]; readonly enable: readonly string[] };
  readonly keep: readonly string[];
  readonly presets: readonly string[];
  readonly compress: CompressLevel;
  readonly compileCache: boolean;
  readonly bytecode: BytecodeMode;
  readonly native: NativeOptions;
  /** Size of the function's `/tmp`, MiB; the setting `EphemeralStorage` of Lambda. */
  readonly tmpMiB: number;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  /** The function's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly verify: VerifyOptions;
  readonly rest: RestOptions;
  readonly budget: Budget;
  readonly target: BuildTarget;
  /** Null for every other target. */
  readonly efs: EfsOptions | null;
  /** Of no interest to a build. */
  readonly publish: PublishWishes;
}

export const STAGES = [
  'install',
  'collect',
  'prune',
  'exact',
  'bytecode',
  'native',
  'compile-cache',
  'efs',
  'archive',
  'verify',
] as const;
export type StageName = (typeof STAGES)[number];

/** Size of the tree after a stage, in bytes. `archive` counts the compressed bytes. */
export interface StageSize {
  readonly stage: StageName;
  readonly bytes: number;
  readonly files: number;
}

export interface Timing {
  readonly stage: StageName;
  readonly ms: number;
}

/** What a whole build knows at its end; reports are made of it. `artifact` is null for a plan. */
export interface BuildResult {
  readonly name: string;
  /** What to write into the function's `Handler` setting. */
  readonly handler: string;
  readonly platform: Platform;
  readonly artifact: Artifact | null;
  readonly tree: Tree;
  readonly stages: readonly StageSize[];
  readonly findings: readonly Finding[];
  /** By stage; never part of an artifact. */
  readonly timings: readonly Timing[];
  readonly native: NativeReport;
  /** Size of the function's `/tmp`, MiB. */
  readonly tmpMiB: number;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  /** Null but at level `exact`. */
  readonly exact: ExactReport | null;
  /** Null where it was not verified. */
  readonly verification: VerifyReport | null;
  /** Null where none was asked for, or none could be made. */
  readonly compileCache: CompileCacheReport | null;
  /** Null where there is none, as for Node.js. */
  readonly bytecode: BytecodeReport | null;
  /** Null but for the target `efs`. */
  readonly efs: EfsReport | null;
  /** True when nothing had changed since the artifact that was there. */
  readonly upToDate: boolean;
}

/** One line of progress for a person; `total` in the unit of `tick`. */
export interface Progress {
  start(title: string, total?: number): void;
  tick(amount: number): void;
  done(note?: string): void;
  /** Tells a line of a program that takes its time. */
  say?(line: string): void;
}

/** What stages need of the world around them. */
export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where results are kept between runs; null with `--no-cache`. */
  readonly cacheDir: string | null;
  /** An empty folder of this run, removed at its end. */
  readonly workDir: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}
