import type { Readable } from 'node:stream';
import type { SandboxExit } from '../../types.ts';

/** What the first process of a sandbox tells: see enter.sh. */
export interface EntryStatus {
  /** The number of the first process, as the host counts; null until it is known. */
  init(): number | null;
  /** Settles when the command may start, or with what went wrong. */
  readonly ready: Promise<string | null>;
  /** Settles when the first process is gone, with how the command ended; null where nobody waited for it to the end. */
  readonly closed: Promise<SandboxExit | null>;
}

/** Reads lines `init <pid>`, `ready`, `ended <status>`; others are what a tool or the shell has to say. */
export function readStatus(stream: Readable): EntryStatus {
  let rest = '';
  let init: number | null = null;
  let exit: SandboxExit | null = null;
  let isReady = false;
  const said: string[] = [];
  const ready = new Promise<string | null>(resolve => {
    const read = (line: string): void => {
      const [, word, value] = /^(init|ready|ended)(?: (\d+))?$/.exec(line) ?? [];
      if (word === 'init') init = Number(value);
      else if (word === 'ended') exit = toExit(Number(value), said.length > 0);
      else if (word === 'ready') {
        isReady = true;
        said.length = 0;
        resolve(null);
      } else if (said.length < 20) said.push(line);
    };
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) read(line);
    });
    stream
      .on('error', () => {})
      .on('close', () => {
        if (!isReady) resolve([...said, rest].join('\n').trim() || 'it ended before it started');
      });
  });
  const closed = new Promise<SandboxExit | null>(resolve => stream.once('close', () => resolve(exit)));
  return { init: () => init, ready, closed };
}

const SIGNALS: Readonly<Record<number, string>> = {
  ...{
    1: 'SIGHUP',
    2: 'SIGINT',
    3: 'SIGQUIT',
    4: 'SIGILL',
    5: 'SIGTRAP',
    6: 'SIGABRT',
    7: 'SIGBUS',
    8: 'SIGFPE',
  },
  ...{
    9: 'SIGKILL',
    10: 'SIGUSR1',
    11: 'SIGSEGV',
    12: 'SIGUSR2',
    13: 'SIGPIPE',
    14: 'SIGALRM',
    15: 'SIGTERM',
  },
  ...{
    16: 'SIGSTKFLT',
    24: 'SIGXCPU',
    25: 'SIGXFSZ',
    26: 'SIGVTALRM',
    27: 'SIGPROF',
    29: 'SIGIO',
    31: 'SIGSYS',
  },
};

/** Signals of which a shell says nothing when they end a command. */
const SILENT = new Set(['SIGINT', 'SIGPIPE', 'SIGTERM']);

/** A shell gives 128 and the signal's number; of an exit code of that size it says nothing, but of most signals it does. */
function toExit(status: number, didShellSpeak: boolean): SandboxExit {
  const signal = SIGNALS[status - 128] ?? null;
  const isSignal = signal !== null && (didShellSpeak || SILENT.has(signal));
  return isSignal ? { kind: 'exit', code: null, signal } : { kind: 'exit', code: status, signal: null };
}
