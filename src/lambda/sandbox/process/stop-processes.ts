import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { exec } from '../../../util/exec.ts';
import type { Mark } from './make-mark.ts';
import type { OwnProcesses } from './own-processes.ts';
import { type ProcessEntry, readProc, readPs } from './process-table.ts';

/** Rounds of looking for processes that are left, and the pause between two of them, ms. */
const ROUNDS = 200;
const PAUSE_MS = 10;

/**
 * Kills a process and all that it started, and waits until they are gone. What left its group and lost its parent before anybody
 * looked is found on Linux only, by its mark, or by the address of its Runtime API in its environment.
 */
export async function stopProcesses(
  child: ChildProcess,
  own: OwnProcesses,
  env: Readonly<Record<string, string>>,
  mark: Mark | null,
): Promise<void> {
  await findLeft(own, env, mark);
  await killGroup(child);
  for (let round = 0; round < ROUNDS; round++) {
    const left = await findLeft(own, env, mark);
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
  mark: Mark | null,
): Promise<readonly ProcessEntry[]> {
  if (process.platform === 'win32') return [];
  if (process.platform !== 'linux') return own.pick(await readPs(new AbortController().signal));
  const table = readProc();
  const address = env.AWS_LAMBDA_RUNTIME_API;
  const variable = address === undefined ? null : `AWS_LAMBDA_RUNTIME_API=${address}`;
  // Within a real Lambda function, our own environment has such an address, too.
  for (const entry of table)
    if (entry.pid !== process.pid && (mark?.isOn(entry.pid) || hasVariable(entry.pid, variable)))
      own.add(entry);
  return own.pick(table);
}

function hasVariable(pid: number, variable: string | null): boolean {
  if (variable === null) return false;
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(variable);
  } catch {
    return false;
  }
}
