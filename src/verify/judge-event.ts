import type { VerifyFinding } from '../findings.ts';
import type { FunctionError, Outcome } from '../lambda/types.ts';
import type { NamedEvent } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { CompareOptions } from './compare-answers.ts';
import { type Compared, compareWith } from './expect.ts';
import { toDifference } from './mismatch.ts';
import type { Expected } from './recorded-answer.ts';
import type { Volatile } from './volatile.ts';

/** The answers of the slim function to one event. */
export interface Actual {
  readonly cold: Outcome;
  readonly warm: Outcome | null;
}

/** What came of one event. */
export interface Judged {
  readonly event: NamedEvent;
  readonly expected: Expected;
  /** The start at which the answers differ first; null where they are the same. */
  readonly differs: 'cold' | 'warm' | null;
  readonly findings: readonly VerifyFinding[];
}

/** Differences that a finding shows; `count` is of all. */
const MOST_SHOWN = 5;

/** Says whether the slim function answered an event as expected. */
export function judgeEvent(
  event: NamedEvent,
  expected: Expected,
  actual: Actual,
  options: CompareOptions,
): Judged {
  const { cold, warm } = compareBoth(expected, actual, expected.volatile, options);
  const differs = cold.mismatches.length > 0 ? 'cold' : warm.mismatches.length > 0 ? 'warm' : null;
  const places = [...new Set([...cold.excused, ...warm.excused])].sort(compareCodeUnits);
  const findings: VerifyFinding[] = [];
  if (differs === 'cold') findings.push(toFinding(event, 'cold', expected.cold, actual.cold, cold));
  else if (differs && actual.warm)
    findings.push(toFinding(event, 'warm', expected.warm ?? expected.cold, actual.warm, warm));
  if (expected.cold.kind === 'error')
    findings.push({
      code: 'VERIFY_ORIGINAL_FAILS',
      level: 'warning',
      event: event.name,
      ...named(expected.cold.error),
    });
  if (places.length > 0)
    findings.push({ code: 'VERIFY_VOLATILE', level: levelOf(places), event: event.name, places });
  return { event, expected, differs, findings };
}

/** A place in an answer is one of many; an answer as a whole, or all of its body, is not. */
function levelOf(places: readonly string[]): 'info' | 'warning' {
  return places.includes('') || places.includes('body') ? 'warning' : 'info';
}

/** True when nothing is left to explain but failures, which no second run of the original explains. */
export function isSettled(
  expected: Expected,
  actual: Actual,
  volatile: Volatile,
  options: CompareOptions,
): boolean {
  const { cold, warm } = compareBoth(expected, actual, volatile, options);
  if (actual.cold.kind === 'error' && expected.cold.kind !== 'error') return true;
  return cold.mismatches.length + warm.mismatches.length === 0;
}

const NOTHING: Compared = { mismatches: [], excused: [] };

function compareBoth(
  expected: Expected,
  actual: Actual,
  volatile: Volatile,
  options: CompareOptions,
): { readonly cold: Compared; readonly warm: Compared } {
  return {
    cold: compareWith(expected.cold, actual.cold, volatile, options),
    warm: expected.warm && actual.warm ? compareWith(expected.warm, actual.warm, volatile, options) : NOTHING,
  };
}

function toFinding(
  event: NamedEvent,
  start: 'cold' | 'warm',
  expected: Outcome,
  actual: Outcome,
  { mismatches }: Compared,
): VerifyFinding {
  if (actual.kind === 'error' && expected.kind !== 'error')
    return { code: 'VERIFY_FAILED', level: 'error', event: event.name, ...named(actual.error) };
  return {
    code: 'VERIFY_DIFFERS',
    level: 'error',
    event: event.name,
    start,
    differences: mismatches.slice(0, MOST_SHOWN).map(toDifference),
    count: mismatches.length,
  };
}

export function named({ errorType, errorMessage }: FunctionError): { errorType: string; message: string } {
  return { errorType, message: errorMessage };
}
