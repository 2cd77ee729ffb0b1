import type { Started } from './measure-start.ts';
import { summarize } from './summarize.ts';
import type { BenchSeries, BenchSubject, CacheState, ColdStart, FailedStart } from './types.ts';

/** What fails so often does not mend itself, and each time may take as long as the function's timeout. */
const MAX_FAILURES = 3;

/** A series that grows start by start. */
export interface OpenSeries {
  readonly subject: BenchSubject;
  readonly cache: CacheState | null;
  readonly starts: ColdStart[];
  readonly failures: FailedStart[];
}

export function openSeries(subject: BenchSubject, cache: CacheState | null): OpenSeries {
  return { subject, cache, starts: [], failures: [] };
}

export function record(series: OpenSeries, started: Started): void {
  if (started.kind === 'start') series.starts.push(started.start);
  else series.failures.push(started.failure);
}

/** True when it failed so often that it is not started again. */
export function isGivenUp({ failures }: OpenSeries): boolean {
  return failures.length >= MAX_FAILURES;
}

export function closeSeries(series: OpenSeries): BenchSeries {
  return { ...series, summary: summarize(series.starts) };
}

/** Each round begins with another subject, so that none always profits from its place. */
export function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
