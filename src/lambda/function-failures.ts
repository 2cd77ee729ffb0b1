import { constants } from 'node:os';
import type { FunctionError, SandboxExit } from './types.ts';

/** How Lambda names signals. */
const SIGNALS: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGALRM: 'alarm clock',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
  SIGUSR1: 'user defined signal 1',
  SIGUSR2: 'user defined signal 2',
};

/** What Lambda answers when the runtime is gone, with its words. */
export function describeExit(exit: SandboxExit, requestId: string): FunctionError {
  const [errorType, reason] = explainExit(exit);
  return { errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` };
}

function explainExit(exit: SandboxExit): readonly [errorType: string, reason: string] {
  if (exit.kind === 'not-started') return ['Runtime.InvalidEntrypoint', exit.reason];
  if (exit.kind === 'out-of-memory')
    return ['Runtime.OutOfMemory', 'Runtime exited with error: signal: killed'];
  if (exit.signal !== null)
    return ['Runtime.ExitError', `Runtime exited with error: signal: ${nameSignal(exit.signal)}`];
  return exit.code
    ? ['Runtime.ExitError', `Runtime exited with error: exit status ${exit.code}`]
    : ['Runtime.ExitError', 'Runtime exited without providing a reason'];
}

/** Those that Go, in which Lambda is written, has no words for have their number. */
function nameSignal(signal: string): string {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return SIGNALS[signal] ?? `signal ${numbers[signal] ?? signal}`;
}

export function describeTimeout(timeoutMs: number, requestId: string): FunctionError {
  return {
    errorType: TIMED_OUT,
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
  };
}

/** What Lambda writes into the log of a function that it ended or that ended itself. */
export function formatVerdict({ errorType, errorMessage }: FunctionError, requestId: string): string {
  if (errorType !== TIMED_OUT) return `${errorMessage}\n${errorType}\n`;
  return `${new Date().toISOString()} ${requestId} ${errorMessage.replace(/^.* Error: /, '')}\n\n`;
}

const TIMED_OUT = 'Sandbox.Timedout';
