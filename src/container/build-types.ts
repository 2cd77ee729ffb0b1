import type { Arch } from '../types.ts';
import type { ContainerOptions } from './types.ts';

/** Where things are in the container, always, so that nothing compiled depends on where it was compiled. */
export const PLACES = {
  /** The sources. Nobody can write here, root neither. */
  in: '/lambda-slim/in',
  /** Empty at first; steps run here. */
  work: '/lambda-slim/work',
  /** Empty at first; what is here after the last step comes out. */
  out: '/lambda-slim/out',
  /** Kept between runs of the same content; a plain folder with `--no-cache`. */
  scratch: '/lambda-slim/scratch',
  /** `HOME` of all steps; what those with credentials left there goes with them. */
  home: '/tmp',
  /** Memory; one file a secret. */
  secrets: '/lambda-slim/secrets',
} as const;

/** A file that exists only in memory of the container, at `PLACES.secrets/<name>`. */
export interface Secret {
  /** A plain file name, such as `npmrc`. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Files and variables by which a tool knows where packages come from: `npm_config_userconfig`, or `NPM_TOKEN` with its value. */
export interface ToolSettings {
  readonly secrets: readonly Secret[];
  readonly env: Readonly<Record<string, string>>;
}

/** Credentials for one run. */
export interface Credentials extends ToolSettings {
  /** Texts that are never shown; `***` stands in their place. */
  readonly masked: readonly string[];
  /** What stays of them for code of packages: nothing that is secret. */
  readonly open: ToolSettings;
}

/** A program that is run without a shell, in order. */
export interface ContainerStep {
  readonly command: readonly [program: string, ...args: readonly string[]];
  /** Default `PLACES.work`. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** True where it runs code of packages: before it all credentials are taken out of the container, for the steps behind it too. */
  readonly withoutCredentials?: true;
}

/** What is run where. */
export interface ContainerRun {
  readonly image: string;
  readonly arch: Arch;
  readonly options: ContainerOptions;
  /** A folder of this machine that is copied to `PLACES.in` before; null is none. */
  readonly sources: string | null;
  readonly steps: readonly ContainerStep[];
  /** A folder of this machine (made if missing) that gets the content of `PLACES.out`, as files of the caller; null is none. */
  readonly results: string | null;
  /** What the scratch volume is for, such as the digest of a lockfile; null, or no `cacheDir` in the context, is none. */
  readonly scratchKey: string | null;
  /** Variables of all steps, beside those allowed by the options, the proxies and `HOME=/tmp`. */
  readonly env: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
}

/** How a run ended that the engine itself had no part in; all else is thrown. */
export type ContainerResult = { readonly kind: 'done'; readonly outputs: readonly string[] } | StepFailure;

export interface StepFailure {
  readonly kind: 'step-failed';
  readonly step: ContainerStep;
  readonly exitCode: number;
  /** All that the step printed, with secrets masked. */
  readonly output: string;
  /** Lines for a shell of Unix that show it by hand, without secrets. */
  readonly byHand: string;
}
