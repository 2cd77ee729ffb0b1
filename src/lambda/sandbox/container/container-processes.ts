import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where hierarchies of control groups are mounted: that of version 1 for memory, and that of version 2. */
const ROOTS: readonly (readonly [controllers: RegExp, root: string])[] = [
  [/^\d+:(?:.*,)?memory(?:,.*)?:(.*)$/m, '/sys/fs/cgroup/memory'],
  [/^0::(.*)$/m, '/sys/fs/cgroup'],
];

/** Finds the list of the processes of a container on this kernel by its first one; null where it cannot be read. */
export async function findProcessList(pid: number): Promise<string | null> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  for (const [pattern, root] of ROOTS) {
    const path = pattern.exec(groups)?.[1];
    if (path === undefined) continue;
    const file = join(root, path, 'cgroup.procs');
    if ((await readPids(file)).includes(String(pid))) return file;
  }
  return null;
}

/** The processes of such a list, none where they have ended. */
export async function readPids(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter(line => line !== '');
}
