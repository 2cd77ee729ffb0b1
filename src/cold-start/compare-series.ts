import { compareRanks } from './rank-test.ts';
import { median } from './statistics.ts';
import { valuesOf } from './summarize.ts';
import { BENCH_METRICS, type BenchComparison, type BenchMetric, type BenchSeries } from './types.ts';

/** A table holds several comparisons, and one in twenty would be wrong at the usual 0.05. */
const SIGNIFICANT = 0.01;

/** Each series beside the first one of its state of the page cache. One with failures is compared with nothing. */
export function compareSeries(series: readonly BenchSeries[]): readonly BenchComparison[] {
  const whole = series.filter(({ failures, starts }) => failures.length === 0 && starts.length > 0);
  const first = series[0]?.subject;
  return whole.flatMap(other => {
    const base = whole.find(({ subject, cache }) => subject === first && cache === other.cache);
    if (!base || base === other) return [];
    return BENCH_METRICS.flatMap(metric => compare(base, other, metric) ?? []);
  });
}

function compare(base: BenchSeries, other: BenchSeries, metric: BenchMetric): BenchComparison | null {
  const [before, after] = [valuesOf(base.starts, metric), valuesOf(other.starts, metric)];
  if (before.length === 0 || after.length === 0) return null;
  const ratio = median(after) / median(before);
  const p = compareRanks(before, after);
  return {
    base: base.subject.name,
    other: other.subject.name,
    cache: other.cache,
    metric,
    ratio,
    p,
    verdict: judge(before.length, after.length, ratio, p),
  };
}

function judge(before: number, after: number, ratio: number, p: number): BenchComparison['verdict'] {
  if (leastP(before, after) >= SIGNIFICANT) return 'too-few';
  if (p >= SIGNIFICANT || ratio === 1) return 'noise';
  return ratio < 1 ? 'faster' : 'slower';
}

/** What the test gives where every value of one side is below every value of the other: 2 of all ways to choose. */
function leastP(a: number, b: number): number {
  let ways = 1;
  for (let i = 1; i <= a; i++) ways *= (b + i) / i;
  return 2 / ways;
}
