import { posix } from 'node:path';
import type { NativeSet } from '../../types.ts';
import { resolveLink } from '../../util/resolve-link.ts';
import type { LinkageInput, PlacedFile } from './types.ts';

/** Where Lambda unpacks the function, and its working directory. */
export const TASK_ROOT = '/var/task';
const LAYER_ROOT = '/opt';

/** Linux opens no longer path (PATH_MAX), and no artifact has one half as long. */
const MAX_PATH = 2048;

/** The files of function and layers where Lambda puts them, as the dynamic linker would find them. */
export interface FileSystem {
  readonly files: readonly PlacedFile[];
  /** Paths of those that are made at run time. */
  readonly compressed: readonly string[];
  /** The file at an absolute path, through links; `compressed` for one that is made at run time. */
  readonly find: (path: string) => PlacedFile | 'compressed' | null;
  /** Paths of the links that lead to a file, by its own path. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

/** Lays function and layers over each other. */
export function placeFiles({ root, layers }: LinkageInput): FileSystem {
  const files = new Map<string, PlacedFile | 'compressed'>();
  const links = new Map<string, string>();
  const place = (set: NativeSet, mount: string): void => {
    for (const { path, target } of set.links) {
      if (path.length + target.length > MAX_PATH) continue;
      files.delete(`${mount}/${path}`);
      links.set(`${mount}/${path}`.slice(1), relativeTarget(`${mount}/${path}`, target));
    }
    for (const path of set.compressed) files.set(`${mount}/${path}`, 'compressed');
    for (const entry of set.files) {
      const at = `${mount}/${entry.path}`;
      if (at.length > MAX_PATH || files.get(at) === 'compressed') continue;
      links.delete(at.slice(1));
      files.set(at, { ...entry, at, path: mount === TASK_ROOT ? entry.path : at });
    }
  };
  for (const layer of layers) place(layer, LAYER_ROOT);
  place(root, TASK_ROOT);
  const find = makeFind(files, links);
  const placed = [...files.values()].filter(file => file !== 'compressed');
  const compressed = [...files].flatMap(([at, file]) => (file === 'compressed' ? [at] : []));
  return { files: placed, compressed, find, aliases: findAliases(links, find) };
}

/** Links are followed from the root of the file system, which stands for the root of a tree. */
function relativeTarget(path: string, target: string): string {
  return target.startsWith('/') ? posix.relative(posix.dirname(path), target) : target;
}

function makeFind(
  files: ReadonlyMap<string, PlacedFile | 'compressed'>,
  links: ReadonlyMap<string, string>,
): FileSystem['find'] {
  const folders = new Map<string, string | null>();
  const canonicalFolder = (folder: string): string | null => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const resolved = folder.length > MAX_PATH ? null : resolveLink(folder.slice(1), links);
    folders.set(folder, resolved);
    return resolved;
  };
  return path => {
    const slash = path.lastIndexOf('/');
    const folder = links.size === 0 ? path.slice(1, slash) : canonicalFolder(path.slice(0, slash));
    if (folder === null) return null;
    const own = `${folder}${path.slice(slash)}`;
    const canonical = links.has(own) ? resolveLink(own, links) : own;
    return canonical === null ? null : (files.get(`/${canonical}`) ?? null);
  };
}

function findAliases(
  links: ReadonlyMap<string, string>,
  find: FileSystem['find'],
): ReadonlyMap<string, readonly string[]> {
  const aliases = new Map<string, string[]>();
  for (const link of links.keys()) {
    const file = find(`/${link}`);
    if (file === null || file === 'compressed') continue;
    aliases.set(file.at, [...(aliases.get(file.at) ?? []), `/${link}`]);
  }
  return aliases;
}
