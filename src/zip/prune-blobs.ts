import type { Stats } from 'node:fs';
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../util/fs.ts';

export interface PruneLimits {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
  readonly now: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_AGE_MS = 30 * DAY_MS;
const MAX_BYTES = 4 * 1024 ** 3;
const MARKER = 'pruned';

/** Empties the store (`all`), or, at most once a day, takes out of it what has long not been used. A failure to do so harms no build. */
export async function pruneBlobs(dir: string, what: 'all' | 'old'): Promise<void> {
  if (what === 'all') return rm(dir, { recursive: true, force: true });
  const now = Date.now();
  try {
    if (!(await isDue(dir, now))) return;
    await removeOldBlobs(dir, { maxAgeMs: MAX_AGE_MS, maxBytes: MAX_BYTES, now });
  } catch {}
}

/** Says whether the last prune was a day ago, and marks this one. */
async function isDue(dir: string, now: number): Promise<boolean> {
  const marker = join(dir, MARKER);
  const last = await orNull(stat(marker));
  if (last && now - last.mtimeMs < DAY_MS) return false;
  if (last) await utimes(marker, now / 1000, now / 1000);
  else await writeFile(marker, '');
  return true;
}

/** Removes blobs by age of last use, then the longest unused ones until the rest fits; returns the bytes that stay. */
export async function removeOldBlobs(dir: string, limits: PruneLimits): Promise<number> {
  const blobs = (await listBlobs(dir)).sort((a, b) => b.stats.mtimeMs - a.stats.mtimeMs);
  let bytes = 0;
  for (const { path, stats } of blobs) {
    const isOld = limits.now - stats.mtimeMs > (path.endsWith('.partial') ? DAY_MS : limits.maxAgeMs);
    if (isOld || bytes + stats.size > limits.maxBytes) await rm(path, { force: true });
    else bytes += stats.size;
  }
  return bytes;
}

async function listBlobs(dir: string): Promise<{ path: string; stats: Stats }[]> {
  const blobs: { path: string; stats: Stats }[] = [];
  for (const shard of await readdir(dir, { withFileTypes: true })) {
    if (!shard.isDirectory()) continue;
    for (const name of await readdir(join(dir, shard.name))) {
      const path = join(dir, shard.name, name);
      const stats = await orNull(stat(path));
      if (stats) blobs.push({ path, stats });
    }
  }
  return blobs;
}
