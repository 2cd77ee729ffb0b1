import { posix } from 'node:path';
import type { Entry, FileEntry } from '../../types.ts';

/** A tree by path, for questions about what lies where. The root is the empty path. */
export interface TreeIndex {
  readonly files: ReadonlyMap<string, FileEntry>;
  /** Target by path. */
  readonly links: ReadonlyMap<string, string>;
  /** Names in each folder. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
}

export function indexTree(entries: readonly Entry[]): TreeIndex {
  const files = new Map<string, FileEntry>();
  const links = new Map<string, string>();
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  for (const entry of entries) {
    if (entry.kind === 'file') files.set(entry.path, entry);
    else links.set(entry.path, entry.target);
    for (const path of [entry.path, ...foldersOf(entry.path)]) {
      const parent = folderOf(path);
      folders.set(parent, (folders.get(parent) ?? new Set()).add(posix.basename(path)));
    }
  }
  return { files, links, folders };
}

/** The folder of a path; the root is the empty path. */
export function folderOf(path: string): string {
  return path.includes('/') ? posix.dirname(path) : '';
}

/** The folders above a path, the highest first, without the root. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
