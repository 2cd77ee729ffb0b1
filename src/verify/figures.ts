import type { Invocation } from '../lambda/types.ts';
import type { RunFigures } from '../types.ts';

/** Medians of the times of a function's runs, and the most memory that one of them took. */
export function toFigures(runs: readonly Invocation[]): RunFigures {
  const reports = runs.map(({ report }) => report);
  const cold = reports.filter(({ initMs }) => initMs !== null);
  const warm = reports.filter(({ initMs }) => initMs === null);
  const peaks = reports.flatMap(({ maxMemoryBytes }) => maxMemoryBytes ?? []);
  return {
    initMs: median(cold.flatMap(({ initMs }) => initMs ?? [])),
    coldMs: median(cold.map(({ durationMs }) => durationMs)),
    warmMs: median(warm.map(({ durationMs }) => durationMs)),
    maxMemoryBytes: peaks.length > 0 ? Math.max(...peaks) : null,
  };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
