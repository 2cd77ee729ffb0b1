import type { StageName, Timing } from '../types.ts';

export interface Timed<T> {
  readonly value: T;
  readonly timing: Timing;
}

/** Runs a stage and tells how long it took. */
export async function timed<T>(stage: StageName, run: () => Promise<T>): Promise<Timed<T>> {
  const started = performance.now();
  const value = await run();
  return { value, timing: { stage, ms: Math.round(performance.now() - started) } };
}
