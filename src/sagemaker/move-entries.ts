import type { FileEntry } from '../types.ts';
import { toArtifactPath } from '../util/path.ts';

/** The same file at another place of the archive. */
export function moveEntry(entry: FileEntry, path: string): FileEntry {
  return path === entry.path ? entry : { ...entry, path: toArtifactPath(path) };
}

/** True for what lies in a folder; the empty one is the root. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** Path of a file of one folder in another; the empty one is the root. */
export function rebase(path: string, from: string, to: string): string {
  const inner = from === '' ? path : path.slice(from.length + 1);
  return to === '' ? inner : `${to}/${inner}`;
}
