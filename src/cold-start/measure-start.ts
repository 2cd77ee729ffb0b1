import type { FunctionError, Invocation, LocalFunction, Outcome } from '../lambda/types.ts';
import type { ColdStart, FailedStart } from './types.ts';

export type Started =
  | { readonly kind: 'start'; readonly start: ColdStart }
  | { readonly kind: 'failed'; readonly failure: FailedStart };

export interface StartPlan {
  /** From 0; with which event it begins hangs on it. */
  readonly round: number;
  readonly warm: number;
  /** JSON texts, taken in turns. */
  readonly events: readonly string[];
}

/** One cold start of a function that was reset, and its warm invocations. The first failure ends it. */
export async function measureStart(fn: LocalFunction, plan: StartPlan): Promise<Started> {
  const invocations: Invocation[] = [];
  let waitMs = 0;
  for (let i = 0; i <= plan.warm; i++) {
    const began = performance.now();
    const invocation = await fn.invoke(chooseEvent(plan, i));
    if (i === 0) waitMs = performance.now() - began;
    const error = errorOf(invocation.outcome);
    if (error) return toFailed(plan.round, i, error);
    invocations.push(invocation);
  }
  return { kind: 'start', start: toStart(invocations, waitMs) };
}

/** The same for every subject in a round, another one first in the next. */
export function chooseEvent({ round, events }: StartPlan, invocation: number): string {
  return events[(round + invocation) % events.length] ?? '{}';
}

export function toFailed(round: number, invocation: number, error: FunctionError): Started {
  const { errorType, errorMessage } = error;
  return {
    kind: 'failed',
    failure: { round: round + 1, invocation: invocation + 1, errorType, errorMessage },
  };
}

function errorOf(outcome: Outcome): FunctionError | null {
  return outcome.kind === 'answer' ? null : outcome.error;
}

function toStart(invocations: readonly Invocation[], waitMs: number): ColdStart {
  const [first, ...warm] = invocations.map(({ report }) => report);
  return {
    initMs: first?.initMs ?? null,
    firstMs: first?.durationMs ?? 0,
    waitMs,
    warmMs: warm.map(({ durationMs }) => durationMs),
    maxMemoryBytes: largest(invocations.map(({ report }) => report.maxMemoryBytes)),
    tmpBytes: largest(invocations.map(({ report }) => report.tmpBytes)),
    readBytes: first?.readBytes ?? null,
  };
}

/** The largest of what is known; null where nothing is. */
export function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
