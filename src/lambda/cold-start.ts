import { SlimError } from '../errors.ts';
import { describeExit, describeTimeout } from './function-failures.ts';
import {
  type InitEnd,
  type LiveSandbox,
  openLiveSandbox,
  type SandboxPlan,
  waitForInit,
} from './live-sandbox.ts';
import { formatInitReport } from './report-line.ts';
import type { Served } from './run-invocation.ts';
import type { FunctionError } from './types.ts';

/** A sandbox that was started, and what came of it. */
export interface ColdStart {
  readonly live: LiveSandbox;
  /** Null where init did not end well within its limit. */
  readonly initMs: number | null;
  /** Time of the invocation that init took, ms. */
  readonly usedMs: number;
  /** Set where there is nothing to invoke. */
  readonly failure: Served | null;
}

export interface ColdStartOptions {
  readonly requestId: string;
  readonly initLimitMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
  /** Told when init is over; what follows is the invocation's. */
  readonly onInitEnd: () => void;
  /** Given each sandbox as it starts, to end it in every case. */
  readonly onOpen: (live: LiveSandbox) => void;
}

/** Starts a sandbox and waits for init; one that takes too long is begun anew, at the cost of the invocation, as on Lambda. Throws `CANCELLED`. */
export async function coldStart(plan: SandboxPlan, options: ColdStartOptions): Promise<ColdStart> {
  const { initLimitMs, signal, tell, onInitEnd, onOpen } = options;
  const live = await openLiveSandbox(plan);
  onOpen(live);
  const end = await waitForInit(live, initLimitMs, signal);
  const ms = performance.now() - live.startedAt;
  if (end.kind === 'timeout') {
    tell(formatInitReport(ms, null));
    onInitEnd();
    await live.stop();
    return startAnew(plan, options);
  }
  const failure = toFailure(end, ms, options);
  if (failure?.outcome.kind === 'error') tell(formatInitReport(ms, failure.outcome.error.errorType));
  onInitEnd();
  return { live, initMs: failure ? null : ms, usedMs: 0, failure };
}

async function startAnew(plan: SandboxPlan, options: ColdStartOptions): Promise<ColdStart> {
  const live = await openLiveSandbox(plan);
  options.onOpen(live);
  const end = await waitForInit(live, options.timeoutMs, options.signal);
  const usedMs = performance.now() - live.startedAt;
  const failure = toFailure(end, usedMs, options);
  return { live, initMs: null, usedMs, failure };
}

function toFailure(end: InitEnd, ms: number, { requestId, timeoutMs }: ColdStartOptions): Served | null {
  if (end.kind === 'aborted') throw new SlimError('CANCELLED', []);
  if (end.kind === 'ready') return null;
  if (end.kind === 'error') return fail(end.error, ms, 'error', null);
  if (end.kind === 'timeout') {
    const error = describeTimeout(timeoutMs, requestId);
    return fail(error, timeoutMs, 'timeout', error);
  }
  const error = describeExit(end.exit, requestId);
  return fail(error, ms, 'error', error);
}

function fail(
  error: FunctionError,
  durationMs: number,
  status: Served['status'],
  verdict: FunctionError | null,
): Served {
  return {
    outcome: { kind: 'error', error },
    durationMs,
    status,
    isGone: true,
    wasDelivered: true,
    verdict,
  };
}
