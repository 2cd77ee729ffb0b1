import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import type { FileEntry } from '../types.ts';
import { errnoOf } from '../util/fs.ts';
import { compareCodeUnits, toArtifactPath } from '../util/path.ts';
import { isStrayName } from './stray-files.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there, or a link that leads nowhere',
  ELOOP: 'the link leads back to itself',
  EACCES: 'it may not be read',
};

/**
 * Reads a model folder: each link as the file that it leads to, wherever that is, since hubs keep what they downloaded that way; what
 * systems and tools leave behind stays out. Throws `SAGEMAKER_LAYOUT` for what cannot be read, also for links that lead nowhere or back.
 */
export async function readFolder(dir: string): Promise<readonly FileEntry[]> {
  const found = await readLevel(dir, '', [await explain(dir, realpath(dir))]);
  return found.toSorted((a, b) => compareCodeUnits(a.path, b.path));
}

/** `above` are the real folders on the way, of which none may come again. */
async function readLevel(
  dir: string,
  prefix: string,
  above: readonly string[],
): Promise<readonly FileEntry[]> {
  const entries = await explain(dir, readdir(dir, { withFileTypes: true }));
  const found: FileEntry[] = [];
  for (const entry of entries) {
    if (isStrayName(entry.name)) continue;
    found.push(...(await readOne(entry, dir, prefix, above)));
  }
  return found;
}

async function readOne(
  { name }: Dirent,
  dir: string,
  prefix: string,
  above: readonly string[],
): Promise<readonly FileEntry[]> {
  const file = join(dir, name);
  const stats = await explain(file, stat(file));
  if (stats.isDirectory()) {
    const real = await explain(file, realpath(file));
    if (above.includes(real)) throw refuse(file, 'the link leads back to itself');
    return readLevel(file, `${prefix}${name}/`, [...above, real]);
  }
  // Sockets and the like hold nothing.
  if (!stats.isFile()) return [];
  return [
    {
      kind: 'file',
      path: toArtifactPath(`${prefix}${name}`),
      source: { kind: 'disk', path: file, mtimeMs: stats.mtimeMs },
      bytes: stats.size,
      mode: 0o644,
      origin: { kind: 'include', pattern: '**' },
    },
  ];
}

async function explain<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const errno = errnoOf(error) ?? String(error);
    throw refuse(path, WORDS[errno] ?? errno, error);
  }
}

function refuse(path: string, reason: string, cause?: unknown): SlimError {
  const hint = 'Mend it, or take it out of the folder: all that lies there goes into the archive.';
  return new SlimError('SAGEMAKER_LAYOUT', [path, reason, hint], { cause });
}
