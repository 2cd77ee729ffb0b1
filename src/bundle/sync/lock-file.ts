import { constants, type FileHandle, link, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, orNull } from '../../util/fs.ts';
import { toTemporary } from './server-time.ts';

/** What stands in a lock. */
export interface Holder {
  /** For people: host and process. */
  readonly owner: string;
  readonly token: string;
  /** When it was taken, by the clock of the file server. */
  readonly since: string;
  readonly leaseMs: number;
  readonly released: boolean;
}

/** File systems that have no hard links. */
export const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];
const MOST_BYTES = 4096;

/** The highest number in a folder; 0 where there is none. */
export async function findHighest(folder: string): Promise<number> {
  return Math.max(0, ...(await listNumbers(folder)));
}

/** The numbers that are names in a folder, lowest first. */
export async function listNumbers(folder: string): Promise<readonly number[]> {
  const names = (await orNull(readdir(folder))) ?? [];
  return names
    .filter(name => /^[1-9]\d{0,14}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Makes a lock with its content whole; false where that number is taken. */
export async function createLock(locks: string, number: number, holder: Holder): Promise<boolean> {
  const path = join(locks, String(number));
  const temporary = toTemporary(locks);
  try {
    await writeNew(temporary, holder);
    await link(temporary, path);
    return true;
  } catch (error) {
    // An answer of the server may have got lost, and what the second try met may be our own.
    if (errnoOf(error) === 'EEXIST') return (await readLock(locks, number))?.holder?.token === holder.token;
    if (!NO_LINKS.includes(errnoOf(error) ?? '')) throw error;
    return await createInPlace(path, holder);
  } finally {
    await orNull(unlink(temporary));
  }
}

async function createInPlace(path: string, holder: Holder): Promise<boolean> {
  try {
    await writeNew(path, holder);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function writeNew(path: string, holder: Holder): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(formatHolder(holder));
  } finally {
    await file.close();
  }
}

/** Of one length for the same holder, released or not, so that it can be written over in one piece. */
function formatHolder({ released, ...holder }: Holder): string {
  return `${JSON.stringify(holder).slice(0, -1)},"released":${released ? 'true ' : 'false'}}\n`;
}

/** A lock as it lies there, and when it was last renewed; null where it is gone, no holder where it cannot be understood. */
export async function readLock(
  locks: string,
  number: number,
): Promise<{ readonly holder: Holder | null; readonly mtimeMs: number } | null> {
  // Opening is what makes an NFS client ask for the times anew.
  const file = await orNull(open(join(locks, String(number)), constants.O_RDONLY | constants.O_NOFOLLOW));
  if (!file) return null;
  try {
    return { holder: parseHolder(await readText(file)), mtimeMs: (await file.stat()).mtimeMs };
  } finally {
    await file.close();
  }
}

async function readText(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

function parseHolder(text: string): Holder | null {
  try {
    const { owner, token, since, leaseMs, released }: Record<string, unknown> = JSON.parse(text);
    const isWhole = typeof owner === 'string' && typeof token === 'string' && typeof since === 'string';
    if (!isWhole || typeof leaseMs !== 'number' || !(leaseMs > 0)) return null;
    return { owner, token, since, leaseMs, released: released === true };
  } catch {
    return null;
  }
}

/** Writes a lock that is there over with what is in it, which renews it; false where it is gone. */
export async function rewriteLock(locks: string, number: number, holder: Holder): Promise<boolean> {
  const file = await orNull(open(join(locks, String(number)), constants.O_WRONLY | constants.O_NOFOLLOW));
  if (!file) return false;
  try {
    await file.write(formatHolder(holder), 0);
    return true;
  } finally {
    await file.close();
  }
}
