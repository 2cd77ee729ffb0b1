import type { ChildProcess } from 'node:child_process';
import { access, constants, rm } from 'node:fs/promises';
import { exists } from '../../../util/fs.ts';
import type { Places, Sandbox, SandboxCommand, SandboxExit, SandboxSpec } from '../../types.ts';
import { countMemory, sumResident } from '../count-memory.ts';
import { type MemoryWatch, watchMemory } from '../memory-watch.ts';
import { listMappings, type Renaming } from '../read-mappings.ts';
import { readPeak, sumReadBytes } from '../read-usage.ts';
import { spawnSealed } from '../spawn-sealed.ts';
import { tellOutput } from '../tell-output.ts';
import { folderBytes } from './folder-bytes.ts';
import { type Mark, makeMark } from './make-mark.ts';
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
  const { child, mark } = await spawnInterpreter(spec.interpreter.file, places.task, command);
  const drain = tellOutput(child, spec.onLog);
  const own = followProcesses(child.pid ?? -1);
  const killAll = (): Promise<void> => stopProcesses(child, own, command.env, mark);
  let isOutOfMemory = false;
  const watch = watchMemory({
    measure: seen => measure(own, seen),
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
      maxMemoryBytes: isOutOfMemory ? spec.memoryMiB * MIB : highest(watch, child),
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
): Promise<{ readonly child: ChildProcess; readonly mark: Mark | null }> {
  const mark = await makeMark();
  const [first, ...others] = await toWords(file, args, mark);
  const child = spawnSealed(first, others, {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  return { child, mark };
}

/** On Linux, the kernel can kill an interpreter when our own process is killed; only what it started would stay then. */
async function toWords(
  file: string,
  args: readonly string[],
  mark: Mark | null,
): Promise<readonly [string, ...string[]]> {
  const canExec = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  // What cannot be run is to say so itself.
  if (process.platform !== 'linux' || !canExec) return [file, ...args];
  const tied = (await exists(SETPRIV)) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];
  const [first, ...others] = [...tied, ...(mark?.words ?? []), file, ...args];
  return [first as string, ...others];
}

function lambdaNames({ task, opt, runtime, tmp }: Places): readonly Renaming[] {
  return [
    [task, '/var/task'],
    [opt, '/opt'],
    [runtime, '/var/runtime'],
    [tmp, '/tmp'],
  ];
}

function highest(watch: MemoryWatch, child: ChildProcess): number | null {
  const seen = watch.peak();
  const told = isRunning(child) ? readPeak('/proc', child.pid) : null;
  return seen === null ? told : told === null ? seen : Math.max(seen, told);
}

async function measure(own: OwnProcesses, seen: number): Promise<number> {
  const entries = await pickOwn(own);
  return process.platform === 'linux' ? countMemory('/proc', entries, seen) : sumResident(entries);
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
