import type { BytecodeMode } from './types.ts';

export interface ArchivedFile {
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** Of the uncompressed bytes, hex; of the target for a link. */
  readonly sha256: string;
}

/** What a zip is, whoever made it; sizes in bytes. */
export interface ZipFacts {
  readonly path: string;
  /** Of the archive, hex. */
  readonly sha256: string;
  /** The same digest in base64, as Lambda's `CodeSha256` gives it. */
  readonly codeSha256: string;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  readonly files: number;
}

/** What was written. */
export interface Artifact extends ZipFacts {
  readonly entries: readonly ArchivedFile[];
}

/** How much a function may grow since a baseline: a share of what it was, or bytes. */
export type GrowthBudget = { readonly percent: number } | { readonly bytes: number };

/** What a function may weigh, bytes, and take to start, ms; null has no bound. */
export interface Budget {
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number | null;
  readonly growth: GrowthBudget | null;
  readonly initMs: number | null;
}

/** What a compile cache costs and saves. Times are medians of `runs` imports of the handler each, in ms; sizes are bytes. */
export interface CompileCacheReport {
  readonly bytes: number;
  readonly files: number;
  readonly importMsBefore: number;
  readonly importMsAfter: number;
  readonly runs: number;
  /** The release of Node.js that made it; another V8 ignores it. */
  readonly nodeVersion: string;
}

/** What bytecode costs; sizes are bytes. */
export interface BytecodeReport {
  readonly mode: Exclude<BytecodeMode, 'auto' | 'none'>;
  readonly files: number;
  readonly bytes: number;
  /** Sources that gave way to their bytecode. */
  readonly removedSources: number;
  readonly removedBytes: number;
  /** Sources that have none, such as those that do not compile. */
  readonly uncompiled: number;
  /** The release of Python that made it. */
  readonly pythonVersion: string;
}
