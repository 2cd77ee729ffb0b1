import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ChildTask } from './sync-child.ts';

export interface Ended {
  /** What it printed at its end; null where it was killed before. */
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that waits, or works until its end. */
export interface Running {
  readonly pid: number;
  /** Starts it, with what it is to do. */
  begin(task?: ChildTask): void;
  /** Lets a reader end. */
  stop(): void;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Starts a program of this folder; it has loaded when this gives it back. */
export async function startProgram(name: string, ...args: readonly string[]): Promise<Running> {
  const path = new URL(`./${name}.js`, import.meta.url).pathname;
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', part => {
    out += part;
  });
  child.stdin.on('error', () => {});
  const ended = watch(child, () => out);
  while (!out.startsWith('ready\n') && child.exitCode === null)
    await Promise.race([once(child.stdout, 'data'), ended]);
  if (!out.startsWith('ready\n')) throw new Error(`${name} did not start`);
  return {
    pid: child.pid as number,
    begin: task => void child.stdin.write(`${JSON.stringify(task)}\n`),
    stop: () => void child.stdin.end(),
    signal: signal => void child.kill(signal),
    ended,
  };
}

async function watch(child: ChildProcess, read: () => string): Promise<Ended> {
  const [code, signal] = await once(child, 'close');
  const line = read().trim().split('\n')[1];
  return { result: line === undefined ? null : JSON.parse(line), code, signal };
}

/** Runs a sync in a process of its own to its end. */
export async function syncInProcess(task: ChildTask): Promise<Ended> {
  const child = await startProgram('sync-child');
  child.begin(task);
  return child.ended;
}
