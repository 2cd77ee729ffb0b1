import type { FindingLevel } from '../../findings.ts';

/** All that the page shows, as it is put into it. Sizes are bytes, times ms; texts are of the user's artifact and never markup. */
export interface PageData {
  /** Two subjects before and after each other, or functions to choose from. */
  readonly mode: 'functions' | 'compare';
  /** `lambda-slim 0.1.0`. */
  readonly tool: string;
  readonly subjects: readonly PageSubject[];
}

/** One artifact. */
export interface PageSubject {
  readonly name: string;
  /** File name of the artifact. */
  readonly file: string;
  readonly runtime: string | null;
  readonly arch: string | null;
  readonly handler: string | null;
  /** Null for a folder. */
  readonly codeSha256: string | null;
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number;
  readonly limits: { readonly zipped: number; readonly unzipped: number };
  /** Sentences on what the page cannot know. */
  readonly notes: readonly string[];
  /** Names that the numbers of `PageFile` and `PageRemoval` stand for. */
  readonly packages: readonly string[];
  readonly kinds: readonly string[];
  readonly rules: readonly PageRule[];
  readonly files: readonly PageFile[];
  readonly removals: readonly PageRemoval[];
  readonly stages: readonly PageStage[];
  readonly findings: readonly PageFinding[];
  readonly linkage: readonly PageLinkage[];
  readonly duplicates: readonly PageDuplicate[];
  readonly copies: readonly PageCopy[];
  /** Empty where none was measured. */
  readonly starts: readonly PageStarts[];
}

/** A file that is there: path, bytes, zipped bytes or null, and the numbers of its package and kind. */
export type PageFile = readonly [
  path: string,
  bytes: number,
  zipped: number | null,
  packageAt: number,
  kind: number,
];

/** A file that went: path, bytes, and the numbers of its package, kind and rule. */
export type PageRemoval = readonly [
  path: string,
  bytes: number,
  packageAt: number,
  kind: number,
  rule: number,
];

export interface PageRule {
  readonly id: string;
  readonly why: string;
}

export interface PageStage {
  readonly stage: string;
  readonly bytes: number;
  readonly files: number;
}

export interface PageFinding {
  readonly level: FindingLevel;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly lines: readonly string[];
}

/** A native file and the libraries that it asks for. */
export interface PageLinkage {
  readonly path: string;
  readonly needs: readonly PageNeed[];
}

/** `from` says where the linker finds it: a path in the artifact, or words. */
export interface PageNeed {
  readonly library: string;
  readonly state: 'artifact' | 'runtime' | 'missing' | 'unknown';
  readonly from: string;
}

/** Files of the same content; `bytes` are those of one. */
export interface PageDuplicate {
  readonly bytes: number;
  readonly paths: readonly string[];
}

/** A package that lies in the artifact more than once. */
export interface PageCopy {
  readonly package: string;
  readonly places: readonly {
    readonly version: string;
    readonly dir: string;
    readonly bytes: number;
    readonly files: number;
  }[];
}

/** Every measured time of one subject. */
export interface PageStarts {
  readonly name: string;
  readonly init: readonly number[];
  readonly first: readonly number[];
  readonly warm: readonly number[];
}
