import { randomUUID } from 'node:crypto';
import { checkClientContext, checkEvent } from './check-event.ts';
import { describeExit, describeTimeout } from './function-failures.ts';
import { type LiveSandbox, race } from './live-sandbox.ts';
import type { Exchange, RuntimeRequest } from './runtime-api/exchange.ts';
import type {
  FunctionError,
  InvocationReport,
  InvokeOptions,
  LocalSettings,
  Outcome,
  SandboxExit,
} from './types.ts';

/** An invocation that has passed all checks. */
export type Order = Omit<RuntimeRequest, 'deadlineMs'>;

/** How it ended; `isGone` tells that the sandbox cannot be used any more. */
export interface Served {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly status: InvocationReport['status'];
  readonly isGone: boolean;
  /** False where the runtime was gone before the event reached it. */
  readonly wasDelivered: boolean;
  /** What Lambda itself says of it, beside what the function answers. */
  readonly verdict: FunctionError | null;
}

/** Checks an event and gives it what Lambda gives each invocation. Throws `PAYLOAD_TOO_LARGE` and `EVENT_INVALID`. */
export function makeOrder(
  event: string | Uint8Array,
  { clientContext, onStart, onChunk }: InvokeOptions,
  { functionName }: LocalSettings,
): Order {
  const hex = randomUUID().replaceAll('-', '');
  const root = `1-${Math.floor(Date.now() / 1000).toString(16)}-${hex.slice(0, 24)}`;
  return {
    requestId: randomUUID(),
    event: checkEvent(event),
    functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`,
    traceId: `Root=${root};Parent=${hex.slice(16)};Sampled=0`,
    clientContext: checkClientContext(clientContext),
    onStart,
    onChunk,
  };
}

export interface Allowance {
  /** The time that the function may take, ms, and what of it is used up. */
  readonly timeoutMs: number;
  readonly usedMs: number;
  readonly signal: AbortSignal;
}

type RuntimeEnd = { readonly kind: 'finished' } | { readonly kind: 'exit'; readonly exit: SandboxExit };

/** Gives an event to a sandbox that is ready, and waits until it is ready again or gone; null where nobody waits any more. */
export async function serveOrder(
  live: LiveSandbox,
  order: Order,
  allowance: Allowance,
): Promise<Served | null> {
  const { timeoutMs, usedMs, signal } = allowance;
  const leftMs = timeoutMs - usedMs;
  const started = performance.now();
  const exchange = live.api.begin({ ...order, deadlineMs: Math.ceil(Date.now() + leftMs) });
  const end = await race<RuntimeEnd>(signal, leftMs, [
    exchange.finished.then(() => ({ kind: 'finished' })),
    live.sandbox.exited.then(exit => ({ kind: 'exit', exit })),
  ]);
  if (end.kind === 'aborted') return null;
  const durationMs = end.kind === 'timeout' ? timeoutMs : usedMs + performance.now() - started;
  const isGone = end.kind !== 'finished';
  let verdict: FunctionError | null = null;
  if (end.kind === 'timeout') verdict = describeTimeout(timeoutMs, order.requestId);
  if (end.kind === 'exit') {
    // Its answer may still be on its way.
    await live.api.drained();
    verdict = describeExit(end.exit, order.requestId);
  }
  const outcome = await settle(exchange, verdict);
  const wasDelivered = exchange.wasDelivered();
  return { outcome, durationMs, status: toStatus(outcome, end.kind), isGone, wasDelivered, verdict };
}

const TRUNCATED: FunctionError = {
  errorType: 'Runtime.TruncatedResponse',
  errorMessage: 'The runtime went on before its answer was complete.',
};

/** The answer, if there was one; else why there is none. */
function settle(exchange: Exchange, verdict: FunctionError | null): Promise<Outcome> {
  exchange.fail(verdict ?? TRUNCATED);
  return exchange.outcome;
}

function toStatus(outcome: Outcome, end: 'timeout' | 'exit' | 'finished'): InvocationReport['status'] {
  if (outcome.kind === 'answer' || (outcome.kind === 'stream' && outcome.error === null)) return 'success';
  return end === 'timeout' ? 'timeout' : 'error';
}
