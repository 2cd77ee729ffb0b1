import type { Outcome } from '../lambda/types.ts';
import type { CompareOptions } from './compare-answers.ts';
import { compareWith } from './expect.ts';
import type { Judged } from './judge-event.ts';
import { type Loaded, matchNatives } from './match-natives.ts';
import { runInit, type Side } from './side.ts';

/** Something that the slim function has to do as the original does. */
export interface Probe {
  /** In words: `event dog`, `init`. */
  readonly name: string;
  /** What the slim function said instead, where that was an error. */
  readonly complaint: string | null;
  /** Asked in a fresh sandbox. */
  holds(side: Side): Promise<boolean>;
}

/** Holds when an event is answered as expected; warm too, where only the warm answer differed. */
export function probeEvent(
  { event, expected, differs, findings }: Judged,
  options: CompareOptions,
  signal: AbortSignal,
): Probe {
  const isAsExpected = (wanted: Outcome, actual: Outcome): boolean =>
    compareWith(wanted, actual, expected.volatile, options).mismatches.length === 0;
  return {
    name: `event ${event.name}`,
    complaint:
      findings.flatMap(finding => (finding.code === 'VERIFY_FAILED' ? finding.message : []))[0] ?? null,
    async holds({ fn }) {
      await fn.reset();
      const cold = await fn.invoke(event.text, { signal });
      if (!isAsExpected(expected.cold, cold.outcome)) return false;
      if (differs === 'cold' || !expected.warm) return true;
      return isAsExpected(expected.warm, (await fn.invoke(event.text, { signal })).outcome);
    },
  };
}

/** Holds when the function starts, and loads what the original loaded. */
export function probeInit(original: Loaded, complaint: string | null): Probe {
  return {
    name: 'init',
    complaint,
    async holds(side) {
      if ((await runInit(side)) !== null) return false;
      return (await matchNatives(original, side)).missing.length === 0;
    },
  };
}
