import type { Inflate } from '../types.ts';

/** `link`: files of other releases; `fetch`: bytes of chunks; `verify`: bytes of files; `finish` has no amount. */
export type SyncPhase = 'link' | 'fetch' | 'verify' | 'finish';

export interface SyncProgress {
  readonly phase: SyncPhase;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** How the lock of a store is taken; all that is left out has a default. Times are ms. */
export interface LockOptions {
  /** After so long without a sign of life a lock counts as left behind; a minute unless said. */
  readonly leaseMs?: number;
  /** How long to wait for another; not at all unless said. */
  readonly waitMs?: number;
  /** Who holds the lock, for people. */
  readonly owner?: string;
  readonly signal?: AbortSignal;
}

export interface SyncOptions extends LockOptions {
  readonly inflate: Inflate;
  /** Id of a release or how it begins; else the one that the bundle stands for. */
  readonly release?: string;
  /** The newest so many releases are kept; 3 unless said. */
  readonly keep?: number;
  /** Ids of releases that are never removed, or how they begin. */
  readonly protect?: readonly string[];
  /** From the start; then no further chunk is begun, and the outcome is `continue`. */
  readonly deadlineMs?: number;
  /** Chunks at the same time, each with 32 MiB of memory; 2 unless said, which stays below 300 MB. One where `inflate` is not native. */
  readonly parallel?: number;
  readonly onProgress?: (progress: SyncProgress) => void;
}

export interface SyncDone {
  readonly state: 'done';
  readonly release: string;
  readonly name: string;
  /** Nothing had to be linked or written. */
  readonly wasThere: boolean;
  /** The release that was the current one before, where it was another. */
  readonly previous: string | null;
  readonly files: number;
  readonly bytes: number;
  /** Out of releases that were there. */
  readonly linkedFiles: number;
  readonly linkedBytes: number;
  readonly writtenFiles: number;
  readonly writtenBytes: number;
  /** Compressed. */
  readonly fetchedBytes: number;
  /** Files of a release that was there, which were spoilt and are whole again. */
  readonly repaired: readonly string[];
  /** Ids of releases that were removed. */
  readonly pruned: readonly string[];
}

/** `continue`: time was up; the next sync goes on from there. Bytes are those of uncompressed chunks. */
export type SyncResult =
  | SyncDone
  | {
      readonly state: 'continue';
      readonly release: string;
      readonly doneBytes: number;
      readonly totalBytes: number;
    };

/** What is wrong with a path of a release; `unknown` is one that the manifest does not name. */
export interface Problem {
  readonly path: string;
  readonly kind: 'missing' | 'changed' | 'mode' | 'kind' | 'unknown';
}

/** Where a sync is at work: what several of its steps need. */
export type Progress = (phase: SyncPhase, doneBytes: number, totalBytes: number) => void;
