import { open } from 'node:fs/promises';
import { SlimError } from '../errors.ts';
import { exec } from '../util/exec.ts';
import { errnoOf } from '../util/fs.ts';
import type { PageCacheReport } from './types.ts';

/** A way to make the next start read from the disk, or why there is none. */
export interface PageCache {
  readonly report: PageCacheReport;
  readonly drop: (folders: readonly string[]) => Promise<void>;
}

interface Surroundings {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

const DROP_CACHES = '/proc/sys/vm/drop_caches';

/**
 * Node.js has no posix_fadvise; Python does, and any user may call it for files that they can read. Only pages that the disk
 * has already can be dropped.
 */
const FORGET_FILES = `
import os, sys
for root in sys.argv[1:]:
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            with open(path, 'rb') as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
`;

/**
 * Finds how files can be dropped from the page cache here. Python's way comes first: it takes the artifact's files and
 * nothing else, so the rest of the machine does not suffer, and what differs between two artifacts is not hidden behind the
 * interpreter's hundred megabytes. Without Python, root drops everything.
 */
export async function findPageCache(around: Surroundings): Promise<PageCache> {
  if (process.platform !== 'linux') return refused(`the page cache of ${process.platform} cannot be dropped`);
  if (await canForget(around))
    return { report: { kind: 'dropped', what: 'files' }, drop: folders => forget(folders, around) };
  const obstacle = await findWriteObstacle();
  if (obstacle === null) return { report: { kind: 'dropped', what: 'all' }, drop: () => dropAll(around) };
  return refused(
    `there is no python3 to do it as a user, and ${DROP_CACHES} cannot be written (${obstacle})`,
  );
}

async function canForget(around: Surroundings): Promise<boolean> {
  try {
    await forget([], around);
    return true;
  } catch (error) {
    if (error instanceof SlimError && error.code === 'CANCELLED') throw error;
    return false;
  }
}

async function findWriteObstacle(): Promise<string | null> {
  try {
    const file = await open(DROP_CACHES, 'w');
    await file.close();
    return null;
  } catch (error) {
    return errnoOf(error) ?? String(error);
  }
}

/** Only clean pages can be dropped, so what was just unpacked is written to the disk first. */
async function dropAll({ cwd, signal }: Surroundings): Promise<void> {
  await exec('sync', [], { cwd, signal });
  const file = await open(DROP_CACHES, 'w');
  try {
    await file.write('3');
  } finally {
    await file.close();
  }
}

async function forget(folders: readonly string[], { cwd, signal }: Surroundings): Promise<void> {
  await exec('python3', ['-I', '-c', FORGET_FILES, ...folders], { cwd, signal });
}

function refused(reason: string): PageCache {
  return {
    report: { kind: 'not-permitted', reason },
    drop: async () => {
      throw new SlimError('PAGE_CACHE_KEPT', [reason]);
    },
  };
}
