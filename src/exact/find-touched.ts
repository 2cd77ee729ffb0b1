import { posix } from 'node:path';
import { followLinks } from '../util/follow-links.ts';
import type { Touched } from './read-log.ts';
import { type World, withFolders } from './spread.ts';

/** Files that a run touched. */
export interface TouchedFiles {
  readonly read: ReadonlySet<string>;
  /** Those that were not read, and stand there only to be seen. */
  readonly seen: ReadonlySet<string>;
  /** Folders that were looked at or listed. */
  readonly folders: ReadonlySet<string>;
}

/** Follows the links of a tree from what was touched. A folder that was read was copied with all that is in it; one that was listed shows its files. */
export function findTouched({ read, looked, listed }: Touched, world: World): TouchedFiles {
  const inside = groupByFolder(world);
  const end = (path: string): string => followLinks(path, world.links)?.path ?? '';
  const readFiles = new Set<string>();
  for (const path of [...read].map(end)) {
    if (world.files.has(path)) readFiles.add(path);
    else for (const file of path === '' ? [] : (inside.all.get(path) ?? [])) readFiles.add(file);
  }
  const lookedAt = [...looked].map(end);
  const shown = [...listed].map(end).flatMap(folder => inside.direct.get(folder) ?? []);
  const seen = [...lookedAt, ...shown.map(end)].filter(path => world.files.has(path) && !readFiles.has(path));
  const folders = [...lookedAt, ...[...listed].map(end)].filter(path => path !== '' && inside.all.has(path));
  return { read: readFiles, seen: new Set(seen), folders: new Set(folders) };
}

interface Folders {
  /** Files and links in a folder itself. */
  readonly direct: ReadonlyMap<string, readonly string[]>;
  /** Files in it at any depth. */
  readonly all: ReadonlyMap<string, readonly string[]>;
}

function groupByFolder({ files, links }: World): Folders {
  const direct = new Map<string, string[]>();
  const all = new Map<string, string[]>();
  const add = (groups: Map<string, string[]>, folder: string, path: string): void => {
    const group = groups.get(folder);
    if (group) group.push(path);
    else groups.set(folder, [path]);
  };
  for (const path of [...files.keys(), ...links.keys()]) {
    const parent = posix.dirname(path);
    add(direct, parent === '.' ? '' : parent, path);
  }
  for (const path of files.keys()) for (const folder of withFolders(path).slice(1)) add(all, folder, path);
  return { direct, all };
}
