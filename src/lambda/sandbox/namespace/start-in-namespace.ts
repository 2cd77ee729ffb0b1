import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Sandbox, SandboxCommand, SandboxExit, Usage } from '../../types.ts';
import { type MemoryWatch, watchMemory } from '../memory-watch.ts';
import { spawnSealed } from '../spawn-sealed.ts';
import { tellOutput } from '../tell-output.ts';
import type { Cgroup } from './cgroup.ts';
import { type EnterOptions, enterArguments, enterInput, TOOL_ENV } from './enter-command.ts';
import { type NamespaceView, viewNamespace } from './namespace-view.ts';
import { type EntryStatus, readStatus } from './read-status.ts';

const STATUS_FD = 3;
const STDERR_FD = 4;

/** Characters kept of what the tools say that enter the namespaces. */
const MAX_SAID = 2000;

export interface StartOptions extends Omit<EnterOptions, 'procs'> {
  readonly file: string;
  /** Folder that relative names in the table of mounts are looked up in. */
  readonly dir: string;
  readonly cgroup: Cgroup | null;
  readonly limitBytes: number;
  /** True where the kernel cannot hold the limit, or only a wider one. */
  readonly isPolled: boolean;
  readonly onLog: (text: string) => void;
  /** Ends the sandbox. */
  readonly signal: AbortSignal;
  /** Removes what this start alone needed; called when all processes are gone. */
  readonly cleanUp: () => Promise<void>;
}

interface Entered {
  readonly child: ChildProcess;
  readonly status: EntryStatus;
  readonly isGone: () => boolean;
  readonly gone: Promise<void>;
  readonly drain: () => Promise<void>;
  /** Null when the command was told to start. */
  readonly problem: string | null;
}

/** Starts a file in namespaces of its own. What does not work is told by `exited`. */
export async function startInNamespace(command: SandboxCommand, options: StartOptions): Promise<Sandbox> {
  const entered = await enter(options);
  const { status, isGone, gone, drain } = entered;
  const view = await viewNamespace(status.init() ?? 0, isGone);
  let isOverLimit = false;
  const watch = watchMemory({
    measure: seen => view.memoryBytes(seen),
    limitBytes: options.isPolled ? options.limitBytes : Number.POSITIVE_INFINITY,
    onExceeded() {
      isOverLimit = true;
      killAll(entered);
    },
  });
  if (entered.problem === null) entered.child.stdin?.end(enterInput(options.file, command));
  const exited = waitForExit(entered, options.cgroup, () => isOverLimit);
  void gone.then(() => watch.stop());
  const stop = async (): Promise<void> => {
    killAll(entered);
    await gone;
    await exited;
    await drain();
    await options.cleanUp();
  };
  let stopped: Promise<void> | undefined;
  let last: Usage = { maxMemoryBytes: null, readBytes: null, tmpBytes: null };
  return {
    exited,
    async usage() {
      last = await measure(view, watch, last);
      const isFull = isGone() && (await exited).kind === 'out-of-memory';
      return { ...last, maxMemoryBytes: toReported(last.maxMemoryBytes, isFull, options) };
    },
    loaded: () => view.mappings(),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function enter(options: StartOptions): Promise<Entered> {
  const procs = options.cgroup?.procs ?? [];
  const child = spawnSealed('setpriv', enterArguments({ ...options, procs }), {
    cwd: options.dir,
    env: TOOL_ENV,
    // Standard error is the tools' own: unshare complains there of being killed, and the function prints to another.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // Ctrl-C is for us: we end it.
    detached: true,
  });
  child.stdin?.on('error', () => {});
  let failure: string | null = null;
  let ended = false;
  const gone = new Promise<void>(resolve => {
    const end = (): void => {
      ended = true;
      resolve();
    };
    child.once('exit', end).once('error', error => {
      failure = error.message;
      end();
    });
  });
  const drain = tellOutput(child, options.onLog, [child.stdout, child.stdio[STDERR_FD] as Readable]);
  const said = hear(child.stderr);
  const status = readStatus(child.stdio[STATUS_FD] as Readable);
  const isGone = (): boolean => ended;
  const abort = (): void => killAll({ child, status, isGone });
  options.signal.addEventListener('abort', abort, { once: true });
  void gone.then(() => options.signal.removeEventListener('abort', abort));
  const problem = await status.ready;
  return { child, status, gone, drain, isGone, problem: failure ?? (problem && (said() || problem)) };
}

/** Gives the beginning of what was said so far. */
function hear(stream: Readable | null): () => string {
  let said = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, MAX_SAID);
  });
  return () => said.trim();
}

/**
 * Kills the first process, with which the kernel kills all others before anybody is told that it is gone; before its number is
 * known, the one that waits for it, which takes it along.
 */
function killAll({ child, status, isGone }: Pick<Entered, 'child' | 'status' | 'isGone'>): void {
  if (isGone()) return;
  const init = status.init();
  try {
    if (init !== null) process.kill(init, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It is gone already.
  }
}

async function waitForExit(
  { status, gone, problem }: Entered,
  cgroup: Cgroup | null,
  isOverLimit: () => boolean,
): Promise<SandboxExit> {
  await gone;
  if (problem !== null) return { kind: 'not-started', reason: problem };
  const exit = (await status.closed) ?? { kind: 'exit', code: null, signal: 'SIGKILL' };
  const isKilled = exit.kind === 'exit' && exit.signal === 'SIGKILL';
  const kills = (await cgroup?.countKills()) ?? 0;
  return isOverLimit() || (isKilled && kills > 0) ? { kind: 'out-of-memory' } : exit;
}

/** What is no longer known when all processes are gone is as it was last. */
async function measure(view: NamespaceView, watch: MemoryWatch, last: Usage): Promise<Usage> {
  const peaks = [last.maxMemoryBytes, watch.peak(), view.peak()].filter(bytes => bytes !== null);
  return {
    maxMemoryBytes: peaks.length === 0 ? null : Math.max(...peaks),
    readBytes: view.readBytes() ?? last.readBytes,
    tmpBytes: (await view.tmpBytes()) ?? last.tmpBytes,
  };
}

/**
 * A memory that ran out was used to the full, and no more. What the kernel lets pass has a place in it, too: pages of files that
 * others had read before are resident, but not counted.
 */
function toReported(
  bytes: number | null,
  isFull: boolean,
  { limitBytes, isPolled }: StartOptions,
): number | null {
  if (isFull) return limitBytes;
  return bytes === null || isPolled ? bytes : Math.min(bytes, limitBytes);
}
