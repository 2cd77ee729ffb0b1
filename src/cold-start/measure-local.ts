import { SlimError } from '../errors.ts';
import type { LocalFunction } from '../lambda/types.ts';
import { closeSeries, isGivenUp, type OpenSeries, openSeries, record, rotate } from './collect-series.ts';
import { measureStart } from './measure-start.ts';
import type { BenchSeries, BenchSubject, CacheState } from './types.ts';

/** A function on this machine; `folders` hold all that was made for it: code, layers, mount. */
export interface LocalContender {
  readonly subject: BenchSubject;
  readonly fn: LocalFunction;
  readonly folders: readonly string[];
}

export interface LocalPlan {
  readonly rounds: number;
  readonly warm: number;
  /** JSON texts; at least one. */
  readonly events: readonly string[];
  readonly caches: readonly CacheState[];
  /** Drops the folders' files from the page cache. */
  readonly drop: (folders: readonly string[]) => Promise<void>;
  readonly signal: AbortSignal;
  /** Told after each start. */
  readonly onStart: () => void;
}

/** Cold starts in rounds: in each every contender starts once in each state of the page cache, in an order that rotates. */
export async function measureLocal(
  contenders: readonly LocalContender[],
  plan: LocalPlan,
): Promise<readonly BenchSeries[]> {
  const series = plan.caches.flatMap(cache => contenders.map(({ subject }) => openSeries(subject, cache)));
  if (!plan.caches.includes('cold')) await fillCache(contenders, plan);
  for (let round = 0; round < plan.rounds; round++)
    // The start from disk comes first and fills the cache for the other one.
    for (const contender of rotate(contenders, round))
      for (const cache of ['cold', 'warm'] as const) {
        const open = series.find(one => one.subject === contender.subject && one.cache === cache);
        if (open && !isGivenUp(open)) await startOnce(contender, open, round, plan);
      }
  return series.map(closeSeries);
}

async function startOnce(
  { fn, folders }: LocalContender,
  series: OpenSeries,
  round: number,
  plan: LocalPlan,
): Promise<void> {
  if (plan.signal.aborted) throw new SlimError('CANCELLED', []);
  await fn.reset();
  if (series.cache === 'cold') await plan.drop(folders);
  record(series, await measureStart(fn, { ...plan, round }));
  // Nothing of it may run beside the next one.
  await fn.reset();
  plan.onStart();
}

/** One start each that is not counted, so that the first counted one reads nothing that the others find read. */
async function fillCache(contenders: readonly LocalContender[], plan: LocalPlan): Promise<void> {
  for (const { fn } of contenders) {
    await measureStart(fn, { round: 0, warm: 0, events: plan.events });
    await fn.reset();
  }
}
