import { setTimeout as delay } from 'node:timers/promises';
import { SlimError } from '../errors.ts';

export interface AskingAgain {
  readonly signal: AbortSignal;
  /** Whether time may mend this failure. */
  readonly mayPass: (error: unknown) => boolean;
  /** The first pause at most; each further one is up to twice as long. */
  readonly pauseMs: number;
  /** After so long the failure counts. */
  readonly waitMs: number;
  /** What to wait for before a pause; it gets the time that is left. */
  readonly settle?: (leftMs: number) => Promise<unknown>;
}

const MAX_PAUSE_MS = 5000;

/** Asks until it works; pauses are of random length, so that several who wait for the same do not come together again. */
export async function askAgain<T>(
  ask: () => Promise<T>,
  { signal, mayPass, pauseMs, waitMs, settle }: AskingAgain,
): Promise<T> {
  const until = Date.now() + waitMs;
  for (let pause = pauseMs; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!mayPass(error) || Date.now() >= until) throw error;
    }
    await settle?.(Math.max(0, until - Date.now()));
    await rest(pause * (0.5 + Math.random() / 2), signal);
  }
}

/** Pauses; throws `CANCELLED` as soon as that is wanted. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, null, { signal }).catch(cause => {
    throw new SlimError('CANCELLED', [], { cause });
  });
}
