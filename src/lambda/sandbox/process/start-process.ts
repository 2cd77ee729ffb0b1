import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants, rm } from 'node:fs/promises';
import { exists } from '../../../util/fs.ts';
import type { Places, Sandbox, SandboxCommand, SandboxExit, SandboxSpec } from '../../types.ts';
import { watchMemory } from '../memory-watch.ts';
import { listMappings, type Renaming } from '../read-mappings.ts';
import { readPeak, sumReadBytes } from '../read-usage.ts';
import { tellOutput } from '../tell-output.ts';
import { folderBytes } from './folder-bytes.ts';
import { followProcesses, type OwnProcesses } from './own-processes.ts';
import { type ProcessEntry, readProc, readPs } from './process-table.ts';
import { isRunning, stopProcesses } from './stop-processes.ts';

const MIB = 1024 ** 2;

const SETPRIV = '/usr/bin/setpriv';

/** Starts an interpreter as a plain process in a group of its own; the signal ends it with all that it started. */
export async function startProcess(
  spec: SandboxSpec,
  places: Places,
  command: SandboxCommand,
  signal: AbortSignal,
): Promise<Sandbox> {
  const child = await spawnInterpreter(spec.interpreter.file, places.task, command);
  const drain = tellOutput(child, spec.onLog);
  const own = followProcesses(child.pid ?? -1);
  const killAll = (): Promise<void> => stopProcesses(child, own, command.env);
  let isOutOfMemory = false;
  const watch = watchMemory({
    measure: async () => (await pickOwn(own)).reduce((sum, entry) => sum + entry.residentBytes, 0),
    limitBytes: spec.memoryMiB * MIB,
    onExceeded() {
      isOutOfMemory = true;
      void killAll();
    },
  });
  const stop = async (): Promise<void> => {
    watch.stop();
    await killAll().then(drain);
    await rm(places.tmp, { recursive: true, force: true });
  };
  let stopped: Promise<void> | undefined;
  killOnAbort(child, signal, killAll);
  return {
    exited: waitForExit(child, () => isOutOfMemory),
    usage: async () => ({
      maxMemoryBytes: maxOf(watch.peak(), isRunning(child) ? readPeak('/proc', child.pid) : null),
      readBytes: sumReadBytes('/proc', await listPids(own)),
      tmpBytes: await folderBytes(places.tmp),
    }),
    loaded: async () => listMappings('/proc', await listPids(own), lambdaNames(places)),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function killOnAbort(child: ChildProcess, signal: AbortSignal, killAll: () => Promise<void>): void {
  const abort = (): void => void killAll();
  signal.addEventListener('abort', abort, { once: true });
  child.once('exit', () => signal.removeEventListener('abort', abort));
}

async function spawnInterpreter(
  file: string,
  cwd: string,
  { args, env }: SandboxCommand,
): Promise<ChildProcess> {
  const [first, ...others] = await toWords(file, args);
  return spawn(first, others, {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/** On Linux, the kernel can kill an interpreter when our own process is killed; only what it started would stay then. */
async function toWords(file: string, args: readonly string[]): Promise<readonly [string, ...string[]]> {
  const canExec = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (process.platform !== 'linux' || !canExec || !(await exists(SETPRIV))) return [file, ...args];
  return [SETPRIV, '--pdeathsig', 'KILL', '--', file, ...args];
}

function lambdaNames({ task, opt, runtime, tmp }: Places): readonly Renaming[] {
  return [
    [task, '/var/task'],
    [opt, '/opt'],
    [runtime, '/var/runtime'],
    [tmp, '/tmp'],
  ];
}

function maxOf(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

async function listPids(own: OwnProcesses): Promise<readonly string[]> {
  return (await pickOwn(own)).map(({ pid }) => String(pid));
}

async function pickOwn(own: OwnProcesses): Promise<readonly ProcessEntry[]> {
  if (process.platform === 'win32') return [];
  return own.pick(process.platform === 'linux' ? readProc() : await readPs(new AbortController().signal));
}

function waitForExit(child: ChildProcess, isOutOfMemory: () => boolean): Promise<SandboxExit> {
  return new Promise(resolve => {
    child.once('error', error => {
      if (child.pid === undefined) resolve({ kind: 'not-started', reason: error.message });
    });
    child.once('exit', (code, signal) =>
      resolve(isOutOfMemory() ? { kind: 'out-of-memory' } : { kind: 'exit', code, signal }),
    );
  });
}
