import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { compareCodeUnits, toPosix } from '../util/path.ts';
import type { Suspect } from './find-guilty.ts';

/** What the slim folder lacks of the original one, or has changed, whoever made it; the rule is named by the package. */
export async function diffFolders(original: string, slim: string): Promise<readonly Suspect[]> {
  const [before, after] = await Promise.all([listPaths(original), listPaths(slim)]);
  const suspects: Suspect[] = [];
  for (const path of before) {
    const kind = !after.has(path)
      ? 'removed'
      : (await isSame(join(original, path), join(slim, path)))
        ? null
        : 'changed';
    if (kind) suspects.push({ path, kind, rule: { id: packageOf(path), why: '' } });
  }
  return suspects;
}

/** Paths of all files and links below a folder, sorted. */
export async function listPaths(dir: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter(entry => !entry.isDirectory())
    .map(({ parentPath, name }) => toPosix(relative(dir, join(parentPath, name))));
  return new Set(paths.sort(compareCodeUnits));
}

/** `node_modules/sharp`, `numpy`, or `.` for what lies at the top. */
export function packageOf(path: string): string {
  const node = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
  return node ?? (path.includes('/') ? (path.split('/')[0] as string) : '.');
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([lstat(a), lstat(b)]);
  if (first.isSymbolicLink() !== second.isSymbolicLink()) return false;
  if (first.isSymbolicLink()) return (await readlink(a)) === (await readlink(b));
  return first.size === second.size && (await haveSameBytes(a, b));
}

/** Both are read in pieces of the same size. */
async function haveSameBytes(a: string, b: string): Promise<boolean> {
  const other = createReadStream(b)[Symbol.asyncIterator]();
  try {
    for await (const chunk of createReadStream(a)) {
      const { value } = await other.next();
      if (value === undefined || Buffer.compare(chunk, value) !== 0) return false;
    }
    return true;
  } finally {
    await other.return?.();
  }
}
