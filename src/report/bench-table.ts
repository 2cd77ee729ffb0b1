import type { BenchReport, BenchSeries, CacheState, Spread } from '../cold-start/types.ts';
import { formatBytes } from './bytes.ts';

/** A table for people, whatever shows it; `right` says which columns hold numbers. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly right: readonly boolean[];
}

/** Sizes of what was measured; null where none is known. */
export function toSizeTable({ series }: BenchReport): Table | null {
  const subjects = [...new Set(series.map(({ subject }) => subject))];
  if (subjects.every(({ zippedBytes, unzippedBytes }) => zippedBytes === null && unzippedBytes === null))
    return null;
  return {
    title: 'Sizes',
    head: ['', 'zipped', 'unzipped'],
    rows: subjects.map(({ name, zippedBytes, unzippedBytes }) => [
      name,
      orDash(zippedBytes, formatBytes),
      orDash(unzippedBytes, formatBytes),
    ]),
    right: [false, true, true],
  };
}

/** One table for each state of the page cache; times in ms. */
export function toTimeTables(report: BenchReport): readonly Table[] {
  const caches = [...new Set(report.series.map(({ cache }) => cache))];
  return caches.map(cache => toTimeTable(report, cache));
}

function toTimeTable({ where, series }: BenchReport, cache: CacheState | null): Table {
  const own = series.filter(one => one.cache === cache);
  const columns = [
    ...(own.some(({ failures }) => failures.length > 0) ? [STARTS] : []),
    ...TIMES,
    ...(where === 'local' ? LOCAL : DEPLOYED),
  ];
  return {
    title: titleOf(cache),
    head: ['', ...columns.map(([head]) => head)],
    rows: own.map(one => [one.subject.name, ...columns.map(([, read]) => read(one))]),
    right: [false, ...columns.map(() => true)],
  };
}

/** What a state of the page cache means, as a heading. */
export function titleOf(cache: CacheState | null): string {
  if (cache === null) return 'Deployed';
  return cache === 'warm' ? 'Files in the page cache' : 'Files read from the disk';
}

type Column = readonly [head: string, read: (series: BenchSeries) => string];

/** Shown where one failed: the other figures are of those that did not. */
const STARTS: Column = [
  'starts',
  ({ starts, failures }) => `${starts.length} of ${starts.length + failures.length}`,
];

/** Times without their unit, to leave room; whoever shows the table says that they are ms. */
const TIMES: readonly Column[] = [
  ['init [min-max]', ({ summary }) => orDash(summary.init, formatSpread)],
  ['first', ({ summary }) => orDash(summary.first, ({ p50 }) => formatNumber(p50))],
  [
    'warm p50/p95',
    ({ summary }) => orDash(summary.warm, ({ p50, p95 }) => `${formatNumber(p50)} / ${formatNumber(p95)}`),
  ],
];

const MEMORY: Column = ['memory', ({ summary }) => orDash(summary.maxMemoryBytes, formatBytes)];

const LOCAL: readonly Column[] = [
  MEMORY,
  ['/tmp', ({ summary }) => orDash(summary.tmpBytes, formatBytes)],
  ['read', ({ summary }) => orDash(summary.readBytes, formatBytes)],
];

const DEPLOYED: readonly Column[] = [
  ['round trip', ({ summary }) => orDash(summary.wait, ({ p50 }) => formatNumber(p50))],
  MEMORY,
];

function formatSpread({ p50, min, max }: Spread): string {
  return `${formatNumber(p50)} [${formatNumber(min)}-${formatNumber(max)}]`;
}

/** `812 ms`, `4.2 ms`, `0.31 ms`: as many digits as a measurement of this kind can bear. */
export function formatMs(ms: number): string {
  return `${formatNumber(ms)} ms`;
}

function formatNumber(ms: number): string {
  return ms.toFixed(ms >= 10 ? 0 : ms >= 1 ? 1 : 2);
}

function orDash<T>(value: T | null, format: (value: T) => string): string {
  return value === null ? '-' : format(value);
}
