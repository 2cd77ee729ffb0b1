import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionError, Invocation, Isolation, LocalFunction, Outcome } from '../../src/lambda/types.ts';

export const FAKE_ISOLATION: Isolation = {
  kind: 'process',
  memory: 'none',
  tmp: 'folder',
  readOnlyCode: false,
  interpreter: 'Node.js 24.0.0',
  exactInterpreter: true,
};

export interface FakeOptions {
  readonly initMs?: number;
  readonly loaded?: readonly string[];
  readonly initError?: FunctionError | null;
}

/** A local function whose handler is called in this process; what it throws is its error. `Outcome`s are passed through. */
export function fakeFunction(
  handler: (event: unknown, start: { readonly cold: boolean }) => unknown,
  { initMs = 100, loaded = [], initError = null }: FakeOptions = {},
): LocalFunction & { readonly events: readonly unknown[]; readonly resets: () => number } {
  const events: unknown[] = [];
  let cold = true;
  let resets = 0;
  return {
    isolation: FAKE_ISOLATION,
    events,
    resets: () => resets,
    async init() {
      return initError;
    },
    async invoke(event): Promise<Invocation> {
      const value: unknown = JSON.parse(typeof event === 'string' ? event : Buffer.from(event).toString());
      events.push(value);
      const wasCold = cold;
      cold = false;
      await delay(0);
      const outcome = await toOutcome(async () => handler(value, { cold: wasCold }));
      const report = {
        requestId: `request-${events.length}`,
        durationMs: 5,
        billedMs: 5,
        memoryMiB: 1024,
        initMs: wasCold ? initMs : null,
        status: outcome.kind === 'error' ? ('error' as const) : ('success' as const),
        maxMemoryBytes: 50_000_000,
        readBytes: 1_000_000,
        tmpBytes: 0,
      };
      return { outcome, report, logs: '' };
    },
    async reset() {
      cold = true;
      resets++;
    },
    loaded: async () => loaded,
    async stop() {},
  };
}

async function toOutcome(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    const answer = await run();
    if (typeof answer === 'object' && answer !== null && 'kind' in answer) return answer as Outcome;
    return {
      kind: 'answer',
      body: Buffer.from(JSON.stringify(answer ?? null)),
      contentType: 'application/json',
    };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
    return { kind: 'error', error: { errorType: name, errorMessage: message } };
  }
}
