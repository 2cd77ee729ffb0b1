import { posix } from 'node:path';
import { SlimError } from '../errors.ts';
import type { ZipEntry } from './read-zip.ts';

/** Throws when the directory alone shows that a zip cannot be unpacked safely: `ZIP_UNSAFE`, or `ZIP_BOMB` for its claims. */
export function checkUnpackable(zip: string, entries: readonly ZipEntry[], maxBytes: number): void {
  const solid = new Set<string>();
  for (const entry of entries) {
    const reason = whyUnsafe(entry) ?? (solid.has(entry.path) ? 'is in it twice' : null);
    if (reason) throw new SlimError('ZIP_UNSAFE', [zip, entry.path, reason]);
    if (entry.kind !== 'folder') solid.add(entry.path);
  }
  for (const { path } of entries) checkParents(zip, path, solid);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > maxBytes)
    throw new SlimError('ZIP_BOMB', [zip, `it claims ${bytes} bytes, more than the ${maxBytes} allowed`]);
}

function whyUnsafe(entry: ZipEntry): string | null {
  if (entry.refused) return `cannot be unpacked: ${entry.refused}`;
  if (entry.isEncrypted) return 'is encrypted';
  if (entry.method !== 0 && entry.method !== 8) return `is compressed with method ${entry.method}`;
  if (entry.kind === 'other') return 'is neither a file nor a folder nor a link';
  if (entry.kind === 'link' && entry.path.endsWith('/')) return 'is a link with the name of a folder';
  return null;
}

/** A file or a link cannot be a folder too; this is also what keeps later entries from being written through a link. */
function checkParents(zip: string, path: string, solid: ReadonlySet<string>): void {
  const bare = path.replace(/\/$/, '');
  const isFolderToo = bare !== path && solid.has(bare);
  for (let parent = posix.dirname(bare); parent !== '.' && !isFolderToo; parent = posix.dirname(parent)) {
    if (solid.has(parent))
      throw new SlimError('ZIP_UNSAFE', [zip, path, 'lies under a path that is no folder']);
  }
  if (isFolderToo) throw new SlimError('ZIP_UNSAFE', [zip, path, 'is a file and a folder at once']);
}
