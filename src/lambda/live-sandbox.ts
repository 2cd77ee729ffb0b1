import { setTimeout as delay } from 'node:timers/promises';
import { openRuntimeApi, type RuntimeApi } from './runtime-api/open-runtime-api.ts';
import type { FunctionError, Sandbox, SandboxExit } from './types.ts';

/** A sandbox with the Runtime API that its interpreter talks to. */
export interface LiveSandbox {
  readonly api: RuntimeApi;
  readonly sandbox: Sandbox;
  /** When its interpreter was started, by `performance.now()`. */
  readonly startedAt: number;
  /** Ends it with all that it started. */
  stop(): Promise<void>;
}

/** How init ended. `ms` is null where the time is not that of init alone. */
export type InitEnd =
  | { readonly kind: 'ready' }
  | { readonly kind: 'error'; readonly error: FunctionError }
  | { readonly kind: 'exit'; readonly exit: SandboxExit }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

export interface SandboxPlan {
  readonly functionName: string;
  readonly handler: string;
  start(api: RuntimeApi): Promise<Sandbox>;
}

/** Starts a sandbox; its init goes on meanwhile. */
export async function openLiveSandbox(plan: SandboxPlan): Promise<LiveSandbox> {
  const api = await openRuntimeApi(plan);
  try {
    const sandbox = await plan.start(api);
    return {
      api,
      sandbox,
      startedAt: sandbox.startedAt ?? performance.now(),
      async stop() {
        await api.shutDown();
        await sandbox.stop();
        await api.close();
      },
    };
  } catch (error) {
    await api.close();
    throw error;
  }
}

/** Waits until init ends, or for so long. What init says of itself counts more than the end of its process. */
export async function waitForInit(live: LiveSandbox, limitMs: number, signal: AbortSignal): Promise<InitEnd> {
  return race<InitEnd>(signal, limitMs, [
    live.api.ready.then(error => (error === null ? { kind: 'ready' } : { kind: 'error', error })),
    live.sandbox.exited.then(async exit => {
      await live.api.drained();
      return { kind: 'exit', exit };
    }),
  ]);
}

/** The longest time that a timer can have, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The first of these to settle, or that the time is up, or that nobody waits for it any more. */
export async function race<T>(
  signal: AbortSignal,
  limitMs: number,
  promises: readonly Promise<T>[],
): Promise<T | { readonly kind: 'timeout' } | { readonly kind: 'aborted' }> {
  const end = new AbortController();
  const stopped = AbortSignal.any([signal, end.signal]);
  const timer = delay(Math.min(Math.max(limitMs, 0), MAX_TIMER_MS), { kind: 'timeout' } as const, {
    signal: stopped,
  }).catch(() => ({ kind: 'aborted' }) as const);
  try {
    return await Promise.race([...promises, timer]);
  } finally {
    end.abort();
  }
}
