/** Packages or files that are there more than once; `bytes` is what all but the largest copy take. */
export interface Copies {
  readonly name: string;
  /** Different ones, ascending; empty where none is known. */
  readonly versions: readonly string[];
  /** The first of them. */
  readonly paths: readonly string[];
  readonly copies: number;
  readonly bytes: number;
}

/** The costliest of `count`; `bytes` are of all. */
interface CopiesFacts {
  level: 'warning' | 'info';
  copies: readonly Copies[];
  count: number;
  bytes: number;
}

/** What is left behind by developing, and of no use to a function. */
export type LeftoverKind =
  | 'version control'
  | 'caches of tools'
  | 'source maps'
  | 'debug symbols'
  | 'tests'
  | 'files of editors and systems';

/** What `check` alone finds, in artifacts of any tool. Sizes are bytes. */
export type CheckFinding = Readonly<
  | { code: 'LIMIT_ENVIRONMENT'; level: 'error'; bytes: number; limit: number }
  /** All three in MiB. */
  | { code: 'LIMIT_TMP'; level: 'error'; size: number; least: number; most: number }
  /** A limit of the account itself; `free` is what is left of its code storage. */
  | {
      code: 'LIMIT_ACCOUNT';
      level: 'error' | 'warning';
      what: 'zipped' | 'unzipped' | 'storage';
      bytes: number;
      limit: number;
    }
  /** Layers that are attached and whose files are not here, so that nothing of them is counted. */
  | { code: 'LAYER_UNKNOWN'; level: 'warning'; layers: readonly string[] }
  /** A function of an output folder or an account whose code is not here. */
  | {
      code: 'CODE_NOT_CHECKED';
      level: 'error' | 'info';
      function: string;
      reason: 'image' | 'inline' | 'elsewhere' | 'missing';
      path: string;
    }
  /** `elsewhere` is a file of the name in another folder, or null. */
  | {
      code: 'HANDLER_MISSING';
      level: 'error';
      handler: string;
      expected: readonly string[];
      elsewhere: string | null;
    }
  | { code: 'HANDLER_NOT_EXPORTED'; level: 'error'; handler: string; path: string; name: string }
  /** A function or layer without a single file; `path` is that of the zip or folder. */
  | { code: 'ARTIFACT_EMPTY'; level: 'error'; path: string }
  /** Pairs that differ in case only, the first of `count`. */
  | { code: 'CASE_COLLISION'; level: 'info'; paths: readonly string[]; count: number }
  /** `masked` is the start that all secrets of the kind have. */
  | {
      code: 'SECRET_CONTENT';
      level: 'error' | 'warning' | 'info';
      path: string;
      line: number;
      what: string;
      masked: string;
      count: number;
    }
  /** `withSources` counts source maps that hold the sources. */
  | {
      code: 'DEV_LEFTOVERS';
      level: 'warning' | 'info';
      what: LeftoverKind;
      paths: readonly string[];
      count: number;
      bytes: number;
      withSources: number;
    }
  | {
      code: 'RUNTIME_HAS';
      level: 'info';
      runtime: string;
      packages: readonly string[];
      bytes: number;
    }
  | ({ code: 'PACKAGE_COPIES' } & CopiesFacts)
  /** Of files that are equal byte for byte. */
  | ({ code: 'FILE_COPIES' } & CopiesFacts)
  /** Archives in the artifact; `isAll` where there is nothing else in it. */
  | {
      code: 'NESTED_ARCHIVE';
      level: 'warning' | 'info';
      paths: readonly string[];
      count: number;
      bytes: number;
      isAll: boolean;
    }
>;
