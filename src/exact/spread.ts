import { posix } from 'node:path';
import type { FileEntry, Tree } from '../types.ts';
import { followLinks } from '../util/follow-links.ts';

/** Which files of a tree a file brings along. */
export type Step = (path: string) => readonly string[];

/** A tree by path; links with their targets. */
export interface World {
  readonly files: ReadonlyMap<string, FileEntry>;
  readonly links: ReadonlyMap<string, string>;
}

export function toWorld({ entries }: Tree): World {
  return {
    files: new Map(entries.flatMap(entry => (entry.kind === 'file' ? [[entry.path, entry] as const] : []))),
    links: new Map(
      entries.flatMap(entry => (entry.kind === 'link' ? [[entry.path, entry.target] as const] : [])),
    ),
  };
}

/** All that stays when `starts` stay: what they bring along, step by step, and every link that leads to something that stays. */
export function spread(starts: Iterable<string>, { files, links }: World, step: Step): ReadonlySet<string> {
  const stays = new Set<string>();
  const add = (path: string): void => {
    const found = followLinks(path, links);
    for (const each of found ? [...found.via, found.path] : [])
      if (files.has(each) || links.has(each)) stays.add(each);
  };
  for (const path of starts) add(path);
  // A set goes on to what is added while it is gone through.
  for (const path of stays) for (const next of step(path)) add(next);
  const standing = new Set([...stays].flatMap(withFolders));
  for (const link of links.keys()) {
    const found = followLinks(link, links);
    if (found && standing.has(found.path)) for (const each of found.via) stays.add(each);
  }
  return stays;
}

/** Bytecode stays with its source, which Python looks for, and takes for a module of its own where it is empty. */
export function makeBytecodePairs({ files }: World): Step {
  const partners = new Map<string, string[]>();
  for (const path of files.keys()) {
    const [, dir, name] = /^(.*?)__pycache__\/([^/]+?)\.[^/]*\.pyc$/.exec(path) ?? [];
    const source = `${dir}${name}.py`;
    if (dir === undefined || !files.has(source)) continue;
    partners.set(path, [source]);
    partners.set(source, [...(partners.get(source) ?? []), path]);
  }
  return path => partners.get(path) ?? [];
}

export function withFolders(path: string): readonly string[] {
  const all = [path];
  for (let dir = posix.dirname(path); dir !== '.'; dir = posix.dirname(dir)) all.push(dir);
  return all;
}
