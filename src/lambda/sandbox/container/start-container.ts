import { spawn } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { removeContainer } from '../../../container/owner-labels.ts';
import type { Engine } from '../../../container/types.ts';
import type { Sandbox, SandboxExit, SandboxSpec, Usage } from '../../types.ts';
import { watchMemory } from '../memory-watch.ts';
import { readProc } from '../process/process-table.ts';
import { listMappings } from '../read-mappings.ts';
import { readPeak, sumReadBytes } from '../read-usage.ts';
import { tellOutput } from '../tell-output.ts';
import { findProcessList, readPids } from './container-processes.ts';
import { isOutOfMemory, readState, startOf, toExit, waitUntilRunning } from './container-state.ts';
import { readMemoryUse } from './read-stats.ts';

const MIB = 1024 ** 2;
const MAX_REASON = 2000;

/** Starts a container that was made, and waits until it runs. */
export async function startContainer(engine: Engine, name: string, spec: SandboxSpec): Promise<Sandbox> {
  const client = attach(engine, name, spec.onLog);
  const state = await waitUntilRunning(engine, name, client.isGone);
  const isHere = engine.place.kind === 'here';
  const list = isHere && state?.Pid ? await findProcessList(state.Pid) : null;
  const startedAt = isHere && state ? startOf(state) : null;
  const end = (): Promise<void> => removeContainer(engine, name);
  let isEnded = false;
  const memory = list === null ? null : watchContainer(list, spec.memoryMiB, end);
  const exited = client.gone.then(async (): Promise<SandboxExit> => {
    const last = await readState(engine, name);
    memory?.watch.stop();
    if (memory?.isExceeded() || (!isEnded && isOutOfMemory(engine, last))) return { kind: 'out-of-memory' };
    return toExit(state, last, client.lastWords());
  });
  const stop = async (): Promise<void> => {
    isEnded = true;
    memory?.watch.stop();
    await end();
    await exited;
    await client.drain();
  };
  let stopped: Promise<void> | undefined;
  return {
    exited,
    ...(startedAt === null ? {} : { startedAt }),
    async usage() {
      await memory?.watch.look();
      return list === null ? tellUsage(engine, name) : readUsage(list, memory?.watch.peak() ?? 0);
    },
    loaded: async () => (list === null ? [] : listMappings('/proc', await readPids(list), [])),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The engine's program that starts a container and lives as long as it, holding its standard input open. */
interface Client {
  readonly gone: Promise<void>;
  isGone(): boolean;
  /** The end of what was written to standard error, where the engine says why it did not start. */
  lastWords(): string;
  drain(): Promise<void>;
}

function attach(engine: Engine, name: string, onLog: SandboxSpec['onLog']): Client {
  const child = spawn(engine.name, ['start', '--attach', '--interactive', name], {
    env: { ...engine.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for us; the container is ended in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let words = '';
  let isGone = false;
  // It ends when the container does, which reads nothing.
  child.stdin.on('error', () => {});
  child.stderr.on('data', text => {
    words = `${words}${text}`.slice(-MAX_REASON);
  });
  const gone = new Promise<void>(resolve => {
    for (const event of ['error', 'exit'])
      child.once(event, () => {
        isGone = true;
        resolve();
      });
  });
  return { gone, isGone: () => isGone, lastWords: () => words.trim(), drain: tellOutput(child, onLog) };
}

function watchContainer(list: string, memoryMiB: number, kill: () => Promise<void>) {
  let exceeded = false;
  const watch = watchMemory({
    measure: async () => {
      const pids = new Set(await readPids(list));
      const own = readProc().filter(({ pid }) => pids.has(String(pid)));
      return own.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
    },
    limitBytes: memoryMiB * MIB,
    onExceeded() {
      exceeded = true;
      void kill();
    },
  });
  return { watch, isExceeded: () => exceeded };
}

/** What the engine tells where its processes are not to be seen. */
async function tellUsage(engine: Engine, name: string): Promise<Usage> {
  return { maxMemoryBytes: await readMemoryUse(engine, name), readBytes: null, tmpBytes: null };
}

async function readUsage(list: string, seen: number): Promise<Usage> {
  const pids = await readPids(list);
  const peaks = pids.map(pid => readPeak('/proc', Number(pid)) ?? 0);
  return {
    maxMemoryBytes: Math.max(seen, ...peaks) || null,
    readBytes: sumReadBytes('/proc', pids),
    tmpBytes: await readTmpBytes(pids[0]),
  };
}

/** Its `/tmp` is a file system of its own, so what is taken of it is what lies there. */
async function readTmpBytes(pid: string | undefined): Promise<number | null> {
  const found = pid === undefined ? null : await statfs(`/proc/${pid}/root/tmp`).catch(() => null);
  return found && (found.blocks - found.bfree) * found.bsize;
}
