import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { exec } from '../../../util/exec.ts';
import type { OwnProcesses } from './own-processes.ts';
import { type ProcessEntry, readProc, readPs } from './process-table.ts';

/** Rounds of looking for processes that are left, and the pause between two of them, ms. */
const ROUNDS = 200;
const PAUSE_MS = 10;

/**
 * Kills a process and all that it started, and waits until they are gone. What left its group and lost its parent is found on
 * Linux only, by the address of its Runtime API in its environment.
 */
export async function stopProcesses(
  child: ChildProcess,
  own: OwnProcesses,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await findLeft(own, env);
  await killGroup(child);
  for (let round = 0; round < ROUNDS; round++) {
    const left = await findLeft(own, env);
    if (left.length === 0 && !isRunning(child)) return;
    for (const { pid } of left) kill(pid);
    await delay(PAUSE_MS);
  }
}

export function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

async function killGroup(child: ChildProcess): Promise<void> {
  if (isRunning(child) && process.platform === 'win32') await killTree(child.pid as number);
  else if (isRunning(child)) kill(-(child.pid as number));
  child.kill('SIGKILL');
}

/** Windows knows no groups; its own tool finds the children by their parents. */
async function killTree(pid: number): Promise<void> {
  const { signal } = new AbortController();
  await exec('taskkill', ['/pid', String(pid), '/T', '/F'], { cwd: process.cwd(), signal }).catch(() => {});
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

async function findLeft(
  own: OwnProcesses,
  env: Readonly<Record<string, string>>,
): Promise<readonly ProcessEntry[]> {
  if (process.platform === 'win32') return [];
  if (process.platform !== 'linux') return own.pick(await readPs(new AbortController().signal));
  const table = readProc();
  const address = env.AWS_LAMBDA_RUNTIME_API;
  if (address)
    for (const entry of await findMarked(table, `AWS_LAMBDA_RUNTIME_API=${address}`)) own.add(entry);
  return own.pick(table);
}

async function findMarked(table: readonly ProcessEntry[], mark: string): Promise<readonly ProcessEntry[]> {
  const isMarked = await Promise.all(
    table.map(async ({ pid }) => {
      const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environ.split('\0').includes(mark);
    }),
  );
  // Within a real Lambda function, our own environment has such an address, too.
  return table.filter(({ pid }, index) => isMarked[index] && pid !== process.pid);
}
