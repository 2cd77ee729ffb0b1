import { median, percentile, toSpread } from './statistics.ts';
import type { BenchMetric, BenchSummary, ColdStart } from './types.ts';

type Figure = 'maxMemoryBytes' | 'tmpBytes' | 'readBytes';

/** Figures of one series; what failed is not among its starts. */
export function summarize(starts: readonly ColdStart[]): BenchSummary {
  const warm = starts.flatMap(({ warmMs }) => warmMs);
  const inits = valuesOf(starts, 'init');
  return {
    inits: inits.length,
    init: toSpread(inits),
    first: toSpread(valuesOf(starts, 'first')),
    start: toSpread(valuesOf(starts, 'start')),
    wait: toSpread(starts.map(({ waitMs }) => waitMs)),
    warm: warm.length === 0 ? null : { p50: median(warm), p95: percentile(warm, 0.95) },
    maxMemoryBytes: over(starts, 'maxMemoryBytes', values => Math.max(...values)),
    tmpBytes: over(starts, 'tmpBytes', values => Math.max(...values)),
    readBytes: over(starts, 'readBytes', median),
  };
}

/** One value a start. Warm invocations of one sandbox hang together, so their median is one value, not many. */
export function valuesOf(starts: readonly ColdStart[], metric: BenchMetric): readonly number[] {
  return starts.map(start => readValue(start, metric)).filter(value => value !== null);
}

function readValue({ initMs, firstMs, warmMs }: ColdStart, metric: BenchMetric): number | null {
  if (metric === 'init') return initMs;
  if (metric === 'first') return firstMs;
  if (metric === 'start') return (initMs ?? 0) + firstMs;
  return warmMs.length === 0 ? null : median(warmMs);
}

function over(
  starts: readonly ColdStart[],
  figure: Figure,
  reduce: (values: readonly number[]) => number,
): number | null {
  const values = starts.map(start => start[figure]).filter(value => value !== null);
  return values.length === 0 ? null : reduce(values);
}
