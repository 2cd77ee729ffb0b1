import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exec } from '../../../util/exec.ts';
import { errnoOf } from '../../../util/fs.ts';

/** A folder of the kernel's that groups of processes with a memory limit can be made in. */
export interface CgroupBase {
  readonly folder: string;
  readonly version: 1 | 2;
}

/** A group of processes whose memory the kernel limits. */
export interface Cgroup {
  /** A process that writes `0` to this file is in the group from then on, with all that it starts. */
  readonly procs: string;
  /** How often the kernel killed a process because the memory was used up. */
  countKills(): Promise<number>;
  /** Removes the group; its processes have to be gone. */
  remove(): Promise<void>;
}

/** Finds where a group can be made and joined; null where the system or its rights do not allow it. */
export async function findCgroupBase(signal: AbortSignal): Promise<CgroupBase | null> {
  for (const base of await listBases()) {
    try {
      await sweep(base);
      const cgroup = await makeCgroup(base, 64 * 1024 ** 2);
      try {
        await exec('sh', ['-c', 'echo 0 >"$1"', 'sh', cgroup.procs], { cwd: '/', signal });
        return base;
      } finally {
        await cgroup.remove();
      }
    } catch {
      // Not this one.
    }
    signal.throwIfAborted();
  }
  return null;
}

async function listBases(): Promise<readonly CgroupBase[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map(line => line.split(' '));
  const first = mounts.find(
    ([, , type, options]) => type === 'cgroup' && options?.split(',').includes('memory'),
  );
  if (first?.[1]) return [{ folder: first[1], version: 1 }];
  const second = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  const own = /^0::(\/.*)$/m.exec(await readFile('/proc/self/cgroup', 'utf8'))?.[1];
  if (!second || !own) return [];
  const candidates: CgroupBase[] = [];
  for (let path = own; ; path = dirname(path)) {
    candidates.push({ folder: join(second, path), version: 2 });
    if (path === '/') return candidates;
  }
}

let made = 0;

/** Makes a group of at most so much memory and no swap space. */
export async function makeCgroup({ folder, version }: CgroupBase, limitBytes: number): Promise<Cgroup> {
  const path = join(folder, `lambda-slim-${process.pid}-${await readStart(process.pid)}-${made++}`);
  await mkdir(path);
  const set = (name: string, value: number): Promise<void> => writeFile(join(path, name), String(value));
  try {
    await set(version === 1 ? 'memory.limit_in_bytes' : 'memory.max', limitBytes);
    // Without swap accounting there is no such file.
    const swap = version === 1 ? set('memory.memsw.limit_in_bytes', limitBytes) : set('memory.swap.max', 0);
    await swap.catch(() => {});
  } catch (error) {
    await rmdir(path);
    throw error;
  }
  const counters = join(path, version === 1 ? 'memory.oom_control' : 'memory.events');
  return {
    procs: join(path, 'cgroup.procs'),
    async countKills() {
      const text = await readFile(counters, 'utf8').catch(() => '');
      return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
    },
    remove: () => removeGroup(path),
  };
}

/** Rounds of trying to remove a group, and the pause between two of them, ms. */
const ROUNDS = 200;
const PAUSE_MS = 5;

async function removeGroup(path: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    try {
      await rmdir(path);
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EBUSY') return;
      await delay(PAUSE_MS);
    }
  }
}

/** Removes the groups of those who were killed before they could do so. */
async function sweep({ folder }: CgroupBase): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid, start] = /^lambda-slim-(\d+)-(\d+)-\d+$/.exec(name) ?? [];
    if (pid && start && (await readStart(Number(pid))) !== start)
      await rmdir(join(folder, name)).catch(() => {});
  }
}

/** When a process started, in ticks since the system did; empty where there is none. */
async function readStart(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
