import { createHash } from 'node:crypto';
import { lstat, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { orNull } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';
import { mapPool } from '../util/pool.ts';

/** What a file looked like: bytes, mtime, ctime (ms) and inode. A write that keeps all four is not known to any tool. */
type FileFacts = readonly [path: string, bytes: number, mtimeMs: number, ctimeMs: number, inode: number];

/** The state of everything a build was made from. Folders count by the names in them, so that a new file is noticed. */
export interface Snapshot {
  readonly files: readonly FileFacts[];
  readonly folders: readonly (readonly [path: string, digest: string])[];
}

/** Looked at, at a time. */
const AT_ONCE = 64;

/**
 * Takes the state of files, links included, and of the folders they lie in. A file that is not there is null. A path that ends in `/`
 * is a folder alone, which need not be there.
 */
export async function takeSnapshot(paths: Iterable<string>): Promise<Snapshot | null> {
  const sorted = [...new Set(paths)].sort(compareCodeUnits);
  const files = sorted.filter(path => !path.endsWith('/'));
  const named = sorted.filter(path => path.endsWith('/')).map(path => path.slice(0, -1));
  const folders = [...new Set([...named, ...files.map(path => dirname(path))])].sort(compareCodeUnits);
  const facts = await mapPool(files, AT_ONCE, factsOf);
  const digests = await mapPool(folders, AT_ONCE, async path => [path, await digestFolder(path)] as const);
  if (facts.some(fact => fact === null)) return null;
  return { files: facts.filter(fact => fact !== null), folders: digests };
}

/** True when everything is as it was. */
export async function isUnchanged(snapshot: Snapshot): Promise<boolean> {
  const files = await mapPool(snapshot.files, AT_ONCE, async known =>
    sameFacts(known, await factsOf(known[0])),
  );
  if (files.includes(false)) return false;
  const folders = await mapPool(
    snapshot.folders,
    AT_ONCE,
    async ([path, digest]) => (await digestFolder(path)) === digest,
  );
  return !folders.includes(false);
}

/** The latest change of any file outside the folder `except`, in ms since the epoch. */
export function latestChange(snapshot: Snapshot, except: string): number {
  const files = snapshot.files.filter(([path]) => !path.startsWith(join(except, '/')));
  return files.reduce((latest, [, , mtimeMs, ctimeMs]) => Math.max(latest, mtimeMs, ctimeMs), 0);
}

async function factsOf(path: string): Promise<FileFacts | null> {
  const stats = await orNull(lstat(path));
  if (!stats) return null;
  // Of a link, what it leads to decides.
  const real = stats.isSymbolicLink() ? ((await orNull(stat(path))) ?? stats) : stats;
  return [path, real.size, real.mtimeMs, real.ctimeMs, real.ino];
}

function sameFacts(known: FileFacts, found: FileFacts | null): boolean {
  return found !== null && known.every((value, index) => value === found[index]);
}

async function digestFolder(path: string): Promise<string> {
  const names = (await orNull(readdir(path))) ?? [];
  return createHash('sha256').update(names.sort(compareCodeUnits).join('\0')).digest('base64').slice(0, 16);
}
