import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { readMessages, sendMessage } from './message-line.ts';
import { type BootstrapMessage, CHANNEL_FD, type FunctionError, type InvokeRequest } from './protocol.ts';
import { stopSandbox } from './stop-sandbox.ts';

export interface SandboxOptions {
  readonly node: string;
  /** Arguments of Node.js itself. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly taskRoot: string;
  readonly handler: string;
  readonly event: unknown;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly callbacks: boolean;
  readonly signal: AbortSignal;
  /** Told what the function prints. */
  readonly onLog: (text: string) => void;
}

export type Outcome =
  | { readonly kind: 'answer'; readonly payload: string | null }
  | { readonly kind: 'error'; readonly error: FunctionError };

/** How an invocation ended, and how long it took, ms. `initMs` is null where the handler was never loaded. */
export interface SandboxRun {
  readonly outcome: Outcome;
  readonly requestId: string;
  readonly initMs: number | null;
  readonly durationMs: number;
}

/** The longest time that a timer can have, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long we wait for the rest of what was printed, ms: a process that cannot be found may hold the pipe open. */
const DRAIN_MS = 1000;

/** Runs a handler once in a Node.js process of its own, which is gone with all its children when this returns. */
export async function runSandbox(options: SandboxOptions): Promise<SandboxRun> {
  if (options.signal.aborted) throw new SlimError('CANCELLED', []);
  const requestId = randomUUID();
  const started = performance.now();
  const child = startChild(options);
  const printed = new Promise<void>(resolve => child.once('close', () => resolve()));
  let initMs: number | null = null;
  const onReady = (): void => {
    initMs = performance.now() - started;
  };
  try {
    void sendMessage(channelOf(child), toRequest(options, requestId));
    const outcome = limitSize(await waitForOutcome(child, options, requestId, onReady));
    return { outcome, requestId, initMs, durationMs: performance.now() - started - (initMs ?? 0) };
  } finally {
    await stopSandbox(child, options.taskRoot);
    await Promise.race([printed, delay(DRAIN_MS, undefined, { ref: false })]);
    for (const stream of child.stdio) stream?.destroy();
  }
}

function startChild({ node, flags, env, taskRoot, onLog }: SandboxOptions): ChildProcess {
  const bootstrap = fileURLToPath(new URL('./bootstrap.js', import.meta.url));
  const child = spawn(node, [...flags, bootstrap], {
    cwd: taskRoot,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'overlapped'],
    // A group of its own, so that what the function starts can be stopped with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onLog);
  // The end of the process tells more than the end of its pipe.
  channelOf(child).on('error', () => {});
  return child;
}

function channelOf(child: ChildProcess): Duplex {
  return child.stdio[CHANNEL_FD] as Duplex;
}

function toRequest(
  { taskRoot, handler, event, memoryMiB, timeoutMs, callbacks }: SandboxOptions,
  requestId: string,
): InvokeRequest {
  return { taskRoot, handler, event, requestId, deadlineMs: Date.now() + timeoutMs, memoryMiB, callbacks };
}

function waitForOutcome(
  child: ChildProcess,
  { timeoutMs, signal }: SandboxOptions,
  requestId: string,
  onReady: () => void,
): Promise<Outcome> {
  let settle = (): void => {};
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const fail = (errorType: string, message: string): void =>
      resolve({
        kind: 'error',
        error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` },
      });
    const timer = setTimeout(
      () => fail('Sandbox.Timedout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`),
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    const onAbort = (): void => reject(new SlimError('CANCELLED', []));
    signal.addEventListener('abort', onAbort, { once: true });
    settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const channel = channelOf(child);
    readMessages<BootstrapMessage>(channel, message => {
      if (message.kind === 'ready') onReady();
      else resolve(message);
    });
    child.on('error', error => fail('Runtime.InvalidEntrypoint', error.message));
    child.on('exit', (code, killedBy) => {
      // An answer may still be on its way.
      const end = (): void => fail('Runtime.ExitError', whyEnded(code, killedBy));
      if (channel.closed) end();
      else channel.once('close', end);
    });
  });
  return outcome.finally(() => settle());
}

function whyEnded(code: number | null, killedBy: string | null): string {
  if (code === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: ${killedBy ? `signal: ${killedBy}` : `exit status ${code}`}`;
}

function limitSize(outcome: Outcome): Outcome {
  if (outcome.kind === 'error' || Buffer.byteLength(outcome.payload ?? '') <= limits.responseBytes)
    return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${limits.responseBytes} bytes).`;
  return { kind: 'error', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}
