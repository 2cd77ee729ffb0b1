import { createHash } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, orNull } from '../../util/fs.ts';
import { mapPool } from '../../util/pool.ts';
import type { BundleFile } from '../types.ts';
import type { Problem } from './types.ts';

const AT_ONCE = 32;
/** Opening a pipe that lies in the place of a file must not wait for somebody who writes to it. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const ROOM_BYTES = 256 * 1024;

export interface Checking {
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/** Reads files of a tree and tells which are not what the manifest says. A link in the place of a file is not followed. */
export async function checkFiles(
  root: string,
  files: readonly BundleFile[],
  { signal, onBytes }: Checking,
): Promise<readonly Problem[]> {
  const rooms: Buffer[] = [];
  const problems = await mapPool(files, AT_ONCE, async file => {
    signal.throwIfAborted();
    const room = rooms.pop() ?? Buffer.allocUnsafe(ROOM_BYTES);
    const kind = await checkFile(join(root, file.path), file, room, onBytes);
    rooms.push(room);
    return kind === null ? null : { path: file.path, kind };
  });
  return problems.filter(problem => problem !== null);
}

async function checkFile(
  path: string,
  file: BundleFile,
  room: Buffer,
  onBytes: (bytes: number) => void,
): Promise<Problem['kind'] | null> {
  const handle = await orNull(open(path, FLAGS).catch(nullIfLink));
  if (handle === undefined) return 'kind';
  if (handle === null) return 'missing';
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return 'kind';
    if (stats.size !== file.bytes) return 'changed';
    if ((await hashFile(handle, file.bytes, room, onBytes)) !== file.sha256) return 'changed';
    return (stats.mode & 0o7777) === file.mode ? null : 'mode';
  } finally {
    await handle.close();
  }
}

function nullIfLink(error: unknown): undefined {
  if (errnoOf(error) === 'ELOOP' || errnoOf(error) === 'ENXIO') return undefined;
  throw error;
}

async function hashFile(
  handle: FileHandle,
  bytes: number,
  room: Buffer,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await handle.read(room, 0, Math.min(room.length, bytes - done), done);
    if (bytesRead === 0) break;
    hash.update(room.subarray(0, bytesRead));
    done += bytesRead;
    onBytes(bytesRead);
  }
  return hash.digest('hex');
}
