import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readProcessStart } from './process-start.ts';

const PREFIX = 'lambda-slim-';

/**
 * What the name of a temporary folder begins with: on Linux, with the process that it belongs to, so that it can be removed when that
 * one was killed.
 */
export async function makeTempPrefix(): Promise<string> {
  const world = await nameWorld();
  if (world === null) return PREFIX;
  return `${PREFIX}${world}-${process.pid}-${await readProcessStart(process.pid)}-`;
}

/**
 * Removes the folders of our own user whose process is gone. Those of another machine or container, which may share the folder with
 * us, are left alone: nobody here knows whether their processes live.
 */
export async function sweepTempDirs(parent: string): Promise<void> {
  const world = await nameWorld();
  if (world === null) return;
  for (const name of await readdir(parent).catch(() => [])) {
    const [, of, pid, start] = /^lambda-slim-([0-9a-f]+)-(\d+)-(\d+)-\w+$/.exec(name) ?? [];
    if (of !== world || (await readProcessStart(Number(pid))) === start) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory() && found.uid === process.getuid?.())
      await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/** This start of this system, and the numbers that its processes have here; null where neither is known. */
async function nameWorld(): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const numbers = await readlink('/proc/self/ns/pid');
    return createHash('sha256').update(`${boot}${numbers}`).digest('hex').slice(0, 8);
  } catch {
    return null;
  }
}
