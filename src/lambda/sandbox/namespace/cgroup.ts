import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exec } from '../../../util/exec.ts';
import { errnoOf } from '../../../util/fs.ts';
import { readProcessStart } from '../../../util/process-start.ts';

/** Processes and threads together: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. */
export const MAX_PROCESSES = 1024;

/** A folder of the kernel's that groups of processes with a memory limit can be made in. */
export interface CgroupBase {
  /** For the memory; in version 2 for all. */
  readonly folder: string;
  readonly version: 1 | 2;
  /** For the number of processes, where that is another folder; null where it is not, or there is none. */
  readonly pidsFolder: string | null;
}

/** A group of processes whose memory the kernel limits, and where it can, their number. */
export interface Cgroup {
  /** A process that writes `0` to these files is in the group from then on, with all that it starts. */
  readonly procs: readonly string[];
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
        const join = 'for file; do echo 0 >"$file" || exit; done';
        await exec('sh', ['-c', join, 'sh', ...cgroup.procs], { cwd: '/', signal });
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
  const findFirst = (controller: string): string | undefined =>
    mounts.find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes(controller))?.[1];
  const [memory, pids = null] = [findFirst('memory'), findFirst('pids')];
  if (memory) {
    const alone: CgroupBase = { folder: memory, version: 1, pidsFolder: null };
    return pids === null || pids === memory ? [alone] : [{ ...alone, pidsFolder: pids }, alone];
  }
  const second = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  const own = /^0::(\/.*)$/m.exec(await readFile('/proc/self/cgroup', 'utf8'))?.[1];
  if (!second || !own) return [];
  const candidates: CgroupBase[] = [];
  for (let path = own; ; path = dirname(path)) {
    candidates.push({ folder: join(second, path), version: 2, pidsFolder: null });
    if (path === '/') return candidates;
  }
}

let made = 0;

/** Makes a group of at most so much memory, no swap space, and as many processes and threads as Lambda allows. */
export async function makeCgroup(base: CgroupBase, limitBytes: number): Promise<Cgroup> {
  const { folder, version, pidsFolder } = base;
  const name = `lambda-slim-${process.pid}-${await readProcessStart(process.pid)}-${made++}`;
  const path = join(folder, name);
  const paths = [path, ...(pidsFolder === null ? [] : [join(pidsFolder, name)])];
  const remove = async (): Promise<void> => {
    await Promise.all(paths.map(removeGroup));
  };
  try {
    for (const each of paths) await mkdir(each);
    await limitMemory(path, version, limitBytes);
    const limited = writeFile(join(paths.at(-1) as string, 'pids.max'), String(MAX_PROCESSES));
    // In a folder for all, that controller may be missing.
    await (pidsFolder === null ? limited.catch(() => {}) : limited);
  } catch (error) {
    await remove();
    throw error;
  }
  const counters = join(path, version === 1 ? 'memory.oom_control' : 'memory.events');
  return {
    procs: paths.map(each => join(each, 'cgroup.procs')),
    async countKills() {
      const text = await readFile(counters, 'utf8').catch(() => '');
      return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
    },
    remove,
  };
}

async function limitMemory(path: string, version: 1 | 2, bytes: number): Promise<void> {
  const set = (name: string, value: number): Promise<void> => writeFile(join(path, name), String(value));
  await set(version === 1 ? 'memory.limit_in_bytes' : 'memory.max', bytes);
  // Without swap accounting there is no such file.
  const swap = version === 1 ? set('memory.memsw.limit_in_bytes', bytes) : set('memory.swap.max', 0);
  await swap.catch(() => {});
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
async function sweep({ folder, pidsFolder }: CgroupBase): Promise<void> {
  for (const parent of [folder, ...(pidsFolder === null ? [] : [pidsFolder])])
    for (const name of await readdir(parent)) {
      const [, pid, start] = /^lambda-slim-(\d+)-(\d+)-\d+$/.exec(name) ?? [];
      if (pid && start && (await readProcessStart(Number(pid))) !== start)
        await rmdir(join(parent, name)).catch(() => {});
    }
}
