import { lstat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '../types.ts';
import { mapPool } from '../util/pool.ts';

/** Dates of files in an unpacked artifact, s: 1980-01-01 00:00 UTC. */
const OLD = 315_532_800;

const AT_A_TIME = 16;

/**
 * Gives the files of a laid-out tree an old access time. Linux writes a new one at the first read, also where it otherwise saves
 * them (`relatime`: the old one is not after the last change), be it by read, mmap or exec, by whatever process.
 */
export async function ageFiles(files: readonly FileEntry[], dir: string): Promise<void> {
  await mapPool(files, AT_A_TIME, ({ path }) => utimes(join(dir, path), OLD, OLD));
}

/** Files that were read since `ageFiles`; none where the file system keeps no access times, or is mounted read-only. */
export async function findRead(files: readonly FileEntry[], dir: string): Promise<ReadonlySet<string>> {
  const read = await mapPool(files, AT_A_TIME, async ({ path }) => {
    const { atimeMs } = await lstat(join(dir, path));
    return atimeMs > OLD * 1000 ? [path] : [];
  });
  return new Set(read.flat());
}
