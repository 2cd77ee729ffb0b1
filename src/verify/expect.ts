import type { Outcome } from '../lambda/types.ts';
import type { NamedEvent } from '../types.ts';
import { type CompareOptions, compareAnswers } from './compare-answers.ts';
import type { Mismatch } from './mismatch.ts';
import type { Expected } from './recorded-answer.ts';
import { type EventRun, runEvent, type Side } from './side.ts';
import { addVolatile, isExcused, STEADY, type Volatile } from './volatile.ts';

/** How an answer differs from the expected one: what counts, and the places that do not, since the original differs from itself there. */
export interface Compared {
  readonly mismatches: readonly Mismatch[];
  readonly excused: readonly string[];
}

/** Compares one answer with the expected one. */
export function compareWith(
  expected: Outcome,
  actual: Outcome,
  volatile: Volatile,
  options: CompareOptions,
): Compared {
  const found = compareAnswers(expected, actual, options);
  // A failure is never excused, even of a function that fails now and then.
  const mayExcuse = actual.kind !== 'error' || expected.kind === 'error';
  const excused = found.filter(mismatch => mayExcuse && isExcused(mismatch, volatile));
  return {
    mismatches: joinPieces(
      found.filter(mismatch => !excused.includes(mismatch)),
      excused,
    ),
    excused: excused.map(({ at }) => at),
  };
}

/** Tells a text as a whole, unless a piece of it was excused. */
function joinPieces(mismatches: readonly Mismatch[], excused: readonly Mismatch[]): readonly Mismatch[] {
  const cut = new Set(excused.map(({ whole }) => whole));
  return [
    ...new Set(
      mismatches.map(mismatch => (cut.has(mismatch.whole) ? mismatch : (mismatch.whole ?? mismatch))),
    ),
  ];
}

/** Fresh sandboxes that the original is run in again, to see where it differs from itself. */
const MOST_REPEATS = 2;

/**
 * Runs the original again, cold and warm, and adds the places where its answers differ to `expected`; as often as `isSettled` wants,
 * within bounds. A clock and a request id are found at once, a coin that was tossed is not always.
 */
export async function learnVolatile(
  side: Side,
  event: NamedEvent,
  expected: Expected,
  options: CompareOptions,
  {
    isSettled,
    signal,
  }: { readonly isSettled: (volatile: Volatile) => boolean; readonly signal: AbortSignal },
): Promise<Expected> {
  let { volatile } = expected;
  for (let repeat = 0; repeat < MOST_REPEATS && !isSettled(volatile); repeat++) {
    const again = await runEvent(side, event, signal);
    volatile = addVolatile(volatile, compareAnswers(expected.cold, again.cold.outcome, options));
    if (expected.warm && again.warm)
      volatile = addVolatile(volatile, compareAnswers(expected.warm, again.warm.outcome, options));
  }
  return { ...expected, volatile };
}

export function toExpected({ cold, warm }: EventRun): Expected {
  return { cold: cold.outcome, warm: warm?.outcome ?? null, volatile: STEADY };
}
