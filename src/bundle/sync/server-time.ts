import { randomBytes } from 'node:crypto';
import { lstat, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../../util/fs.ts';

/** What is written to be linked, or to see the time. */
const TEMPORARY = /^\.lambda-slim-[0-9a-f]{16}$/;
/** Nobody needs one for longer. */
const LEFT_BEHIND_MS = 600_000;

export function toTemporary(folder: string): string {
  return join(folder, `.lambda-slim-${randomBytes(8).toString('hex')}`);
}

/**
 * What time it is for the file server, ms: that of a file made for it. Writing into the folder also lets an NFS client ask
 * the server what is in it now, instead of telling what it remembers.
 */
export async function readServerTime(folder: string): Promise<number> {
  const path = toTemporary(folder);
  const file = await open(path, 'wx', 0o644);
  try {
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
    await orNull(unlink(path));
  }
}

/** Removes temporary files of processes that were killed. */
export async function sweepTemporary(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!TEMPORARY.test(name)) continue;
    const path = join(folder, name);
    const found = await orNull(lstat(path));
    if (found?.isFile() && now - found.mtimeMs > LEFT_BEHIND_MS) await orNull(unlink(path));
  }
}
