import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Rounds of looking for processes that are left, and the pause between two of them, ms. */
const ROUNDS = 100;
const PAUSE_MS = 10;

/**
 * Stops the process of a sandbox and all that it started, and waits until they are gone. Every system has process groups or
 * jobs for that; what left its group is found on Linux only, by its parents or by the task root in its environment.
 */
export async function stopSandbox(child: ChildProcess, taskRoot: string): Promise<void> {
  const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const known = new Set<number>(isRunning ? [child.pid as number] : []);
  const left = async (): Promise<readonly number[]> => findLeft(await listProcesses(taskRoot), known);
  let pids = await left();
  killGroup(child);
  for (let round = 0; round < ROUNDS && pids.length > 0; round++) {
    for (const pid of pids) kill(pid);
    await delay(PAUSE_MS);
    pids = await left();
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined && process.platform !== 'win32') kill(-child.pid);
  child.kill('SIGKILL');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  /** True when its environment names the task root. */
  readonly isMarked: boolean;
}

/** Those that belong to the sandbox; `known` grows by them, since a child is given to another parent when its own ends. */
function findLeft(running: readonly Running[], known: Set<number>): readonly number[] {
  for (let size = -1; size !== known.size; ) {
    size = known.size;
    for (const { pid, parent, isMarked } of running) if (isMarked || known.has(parent)) known.add(pid);
  }
  return running.map(({ pid }) => pid).filter(pid => known.has(pid));
}

async function listProcesses(taskRoot: string): Promise<readonly Running[]> {
  if (process.platform !== 'linux') return [];
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter(name => /^\d+$/.test(name));
  const running = await Promise.all(pids.map(pid => readProcess(pid, `LAMBDA_TASK_ROOT=${taskRoot}`)));
  return running.filter(found => found !== null);
}

/** Null for one that is gone, also where it is still listed because nobody asked for its exit code. */
async function readProcess(pid: string, mark: string): Promise<Running | null> {
  const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '');
  const [stat, environ] = await Promise.all([read('stat'), read('environ')]);
  // The name before them is in parentheses, and may hold anything.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return null;
  return { pid: Number(pid), parent: Number(parent), isMarked: environ.split('\0').includes(mark) };
}
