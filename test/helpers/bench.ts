import { compareSeries } from '../../src/cold-start/compare-series.ts';
import { summarize } from '../../src/cold-start/summarize.ts';
import type {
  BenchReport,
  BenchSeries,
  BenchSubject,
  CacheState,
  ColdStart,
} from '../../src/cold-start/types.ts';
import { FAKE_ISOLATION } from './fake-function.ts';

const MIB = 1024 * 1024;

export function makeSubject(name: string, overrides: Partial<BenchSubject> = {}): BenchSubject {
  return {
    name,
    kind: 'artifact',
    zippedBytes: 26 * MIB,
    unzippedBytes: 64 * MIB,
    isolation: FAKE_ISOLATION,
    ...overrides,
  };
}

export function makeStart(initMs: number | null, overrides: Partial<ColdStart> = {}): ColdStart {
  return {
    initMs,
    firstMs: 40,
    waitMs: (initMs ?? 0) + 60,
    warmMs: [4, 5, 6],
    maxMemoryBytes: 120 * MIB,
    tmpBytes: 0,
    readBytes: 3 * MIB,
    ...overrides,
  };
}

export function makeSeries(
  subject: BenchSubject,
  cache: CacheState | null,
  starts: readonly ColdStart[],
  failures: BenchSeries['failures'] = [],
): BenchSeries {
  return { subject, cache, starts, failures, summary: summarize(starts) };
}

/** A report as `bench` makes it of these series. */
export function makeReport(
  series: readonly BenchSeries[],
  overrides: Partial<BenchReport> = {},
): BenchReport {
  return {
    where: 'local',
    host: { os: 'linux 6.18 x64', cpu: 'A CPU', cores: 2, node: '24.1.0', load: 0.5 },
    rounds: 10,
    warm: 3,
    events: ['{}'],
    pageCache: { kind: 'kept' },
    series,
    comparisons: compareSeries(series),
    ...overrides,
  };
}
