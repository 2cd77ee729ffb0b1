import type { Isolation } from '../lambda/types.ts';

/** Whether the artifact's files lay in the page cache before a start. */
export type CacheState = 'warm' | 'cold';

/** One start and the warm invocations after it. Times in ms, sizes in bytes; null where it is not told. */
export interface ColdStart {
  /** Null where the environment was there already: warm, or provisioned. */
  readonly initMs: number | null;
  readonly firstMs: number;
  /** Until the first answer was here: with the start of the sandbox, or with the way to AWS and back. */
  readonly waitMs: number;
  readonly warmMs: readonly number[];
  readonly maxMemoryBytes: number | null;
  /** The most that lay in `/tmp` after an invocation. */
  readonly tmpBytes: number | null;
  /** Read from the disk until the first answer. */
  readonly readBytes: number | null;
}

/** A start that gave no figures, since one of its invocations failed. `invocation` counts from 1, the cold one. */
export interface FailedStart {
  readonly round: number;
  readonly invocation: number;
  readonly errorType: string;
  readonly errorMessage: string;
}

export interface BenchSubject {
  readonly name: string;
  readonly kind: 'artifact' | 'original' | 'function';
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number | null;
  /** Null for a deployed function. */
  readonly isolation: Isolation | null;
}

export interface Spread {
  readonly p50: number;
  readonly min: number;
  readonly max: number;
}

/** Figures over the starts that did not fail; null where none tells. Times in ms, sizes in bytes. */
export interface BenchSummary {
  /** Starts with an init. */
  readonly inits: number;
  readonly init: Spread | null;
  readonly first: Spread | null;
  /** Init and first invocation together. */
  readonly start: Spread | null;
  readonly wait: Spread | null;
  /** Over all warm invocations. */
  readonly warm: { readonly p50: number; readonly p95: number } | null;
  /** The largest. */
  readonly maxMemoryBytes: number | null;
  readonly tmpBytes: number | null;
  /** The median. */
  readonly readBytes: number | null;
}

/** All starts of one subject in one state of the page cache; `cache` is null for a deployed function. */
export interface BenchSeries {
  readonly subject: BenchSubject;
  readonly cache: CacheState | null;
  readonly starts: readonly ColdStart[];
  readonly failures: readonly FailedStart[];
  readonly summary: BenchSummary;
}

export const BENCH_METRICS = ['start', 'init', 'first', 'warm'] as const;
export type BenchMetric = (typeof BENCH_METRICS)[number];

/** Medians of two series set in relation: `ratio` below 1 means that `other` is faster than `base`. */
export interface BenchComparison {
  readonly base: string;
  readonly other: string;
  readonly cache: CacheState | null;
  readonly metric: BenchMetric;
  readonly ratio: number;
  /** How likely a difference like this is between two equal functions; of the Mann-Whitney U test, two-sided. */
  readonly p: number;
  readonly verdict: 'faster' | 'slower' | 'noise' | 'too-few';
}

/** What became of the page cache. `files` are those of the artifact only, `all` is everything that this machine had read. */
export type PageCacheReport =
  | { readonly kind: 'kept' }
  | { readonly kind: 'dropped'; readonly what: 'all' | 'files' }
  | { readonly kind: 'not-permitted'; readonly reason: string };

export interface BenchHost {
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** Load average of the last minute when it began; 0 where the host does not tell. */
  readonly load: number;
}

/** All that `bench` measured. */
export interface BenchReport {
  readonly where: 'local' | 'aws';
  readonly host: BenchHost;
  /** Cold starts of each subject that were asked for, and warm invocations after each. */
  readonly rounds: number;
  readonly warm: number;
  readonly events: readonly string[];
  readonly pageCache: PageCacheReport;
  readonly series: readonly BenchSeries[];
  readonly comparisons: readonly BenchComparison[];
}
