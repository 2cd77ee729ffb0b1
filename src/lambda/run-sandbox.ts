import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import type { BootstrapMessage, FunctionError, InvokeRequest } from './protocol.ts';

export interface SandboxOptions {
  readonly node: string;
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

/** Runs a handler once in a Node.js process of its own, which is gone with all its children when this returns. */
export async function runSandbox(options: SandboxOptions): Promise<SandboxRun> {
  if (options.signal.aborted) throw new SlimError('CANCELLED', []);
  const requestId = randomUUID();
  const started = performance.now();
  const child = fork(fileURLToPath(new URL('./bootstrap.js', import.meta.url)), [], {
    execPath: options.node,
    execArgv: [],
    cwd: options.taskRoot,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own, so that what the function starts can be stopped with it.
    detached: process.platform !== 'win32',
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', options.onLog);
  let initMs: number | null = null;
  const onReady = (): void => {
    initMs = performance.now() - started;
  };
  try {
    child.send(toRequest(options, requestId));
    const outcome = limitSize(await waitForOutcome(child, options, requestId, onReady));
    return { outcome, requestId, initMs, durationMs: performance.now() - started - (initMs ?? 0) };
  } finally {
    killGroup(child);
  }
}

function toRequest(
  { taskRoot, handler, event, memoryMiB, timeoutMs, callbacks }: SandboxOptions,
  requestId: string,
): InvokeRequest {
  return { taskRoot, handler, event, requestId, deadlineMs: Date.now() + timeoutMs, memoryMiB, callbacks };
}

function waitForOutcome(
  child: ChildProcess,
  options: SandboxOptions,
  requestId: string,
  onReady: () => void,
): Promise<Outcome> {
  const { timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    const fail = (errorType: string, message: string): void =>
      resolve({
        kind: 'error',
        error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` },
      });
    const timer = setTimeout(
      () => fail('Sandbox.Timedout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`),
      timeoutMs,
    );
    const onAbort = (): void => reject(new SlimError('CANCELLED', []));
    signal.addEventListener('abort', onAbort, { once: true });
    child.on('message', raw => {
      const message = raw as BootstrapMessage;
      if (message.kind === 'ready') onReady();
      else resolve(message);
    });
    child.on('error', error => fail('Runtime.InvalidEntrypoint', error.message));
    child.on('exit', (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      fail(
        'Runtime.ExitError',
        `Runtime exited with error: ${killedBy ? `signal: ${killedBy}` : `exit status ${code}`}`,
      );
    });
  });
}

function limitSize(outcome: Outcome): Outcome {
  if (outcome.kind === 'error' || Buffer.byteLength(outcome.payload ?? '') <= limits.responseBytes)
    return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${limits.responseBytes} bytes).`;
  return { kind: 'error', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It is gone already.
  }
}
