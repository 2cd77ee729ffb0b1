import { posix } from 'node:path';
import type { ElfFacts, NativeFile } from '../../elf/types.ts';
import { followLinks } from '../../util/follow-links.ts';
import { folderOf, type TreeIndex } from './tree-index.ts';

/** One file needs another one, by DT_NEEDED or by a name that it may give to dlopen. */
export interface Need {
  readonly from: string;
  readonly to: string;
  /** Links of the tree through which the dynamic linker gets there. */
  readonly via: readonly string[];
  /** Found at a place in the artifact that no mirror can stand for. */
  readonly byLibraryPath: boolean;
}

/** Of LD_LIBRARY_PATH in all managed runtimes, the folders of the artifact: `/var/task:/var/task/lib`. */
const LIBRARY_PATH = ['', 'lib'];

interface Place {
  readonly folder: string;
  readonly byLibraryPath: boolean;
}

/** All needs between the ELF files of a tree, as the dynamic linker resolves them inside it. */
export function findNeeds(index: TreeIndex, natives: ReadonlyMap<string, NativeFile>): readonly Need[] {
  const byName = groupByName(natives);
  const ofLibraries = [...natives].flatMap(([from, native]) => {
    if (native.format !== 'elf') return [];
    const places = placesOf(from, native.facts);
    const names = new Set([...native.facts.needed, ...native.facts.dlopens]);
    return [...names]
      .flatMap(name => resolveNeed(from, name, places, { index, natives, byName }))
      .filter(({ to }) => to !== from);
  });
  return [...ofLibraries, ...needsOfLinks(index, natives)];
}

/** A link to a library stands for it, wherever it lies: it needs what it leads to. */
function needsOfLinks({ links }: TreeIndex, natives: ReadonlyMap<string, NativeFile>): readonly Need[] {
  return [...links.keys()].flatMap(from => {
    const to = followLinks(from, links)?.path ?? '';
    return natives.get(to)?.format === 'elf' ? [{ from, to, via: [], byLibraryPath: false }] : [];
  });
}

interface Surroundings {
  readonly index: TreeIndex;
  readonly natives: ReadonlyMap<string, NativeFile>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

function resolveNeed(
  from: string,
  name: string,
  places: readonly Place[],
  { index, natives, byName }: Surroundings,
): readonly Need[] {
  // A name with a slash is a path, from the working folder where it is relative: the root of the artifact.
  const where = name.includes('/') ? [{ folder: '', byLibraryPath: true }] : places;
  for (const { folder, byLibraryPath } of where) {
    const found = followLinks(`${folder}/${name.replace(/^\/var\/task\//, '')}`, index.links);
    if (found && natives.get(found.path)?.format === 'elf') {
      return [{ from, to: found.path, via: found.via, byLibraryPath }];
    }
  }
  // No path leads to it: it has to be in memory under its name already when `from` is loaded, whichever file that is.
  return (byName.get(name) ?? []).map(to => ({ from, to, via: [], byLibraryPath: false }));
}

/** In the order of ld.so(8). An RPATH counts only where there is no RUNPATH. */
function placesOf(path: string, { rpath, runpath }: ElfFacts): readonly Place[] {
  const expand = (entries: readonly string[]) =>
    entries.flatMap(entry => expandOrigin(entry, folderOf(path)));
  const libraryPath = LIBRARY_PATH.map(folder => ({ folder, byLibraryPath: true }));
  return [...(runpath.length > 0 ? [] : expand(rpath)), ...libraryPath, ...expand(runpath)];
}

function expandOrigin(entry: string, origin: string): readonly Place[] {
  const [, rest] = /^\$(?:ORIGIN|\{ORIGIN\})(?:\/(.*)|)$/s.exec(entry) ?? [entry, null];
  if (rest !== null) return [{ folder: `${origin}/${rest ?? ''}`, byLibraryPath: false }];
  // The place of the function's code; `/opt` holds layers, which are no part of it.
  const [, absolute] = /^\/var\/task(?:\/(.*)|)$/s.exec(entry) ?? [entry, null];
  return absolute === null ? [] : [{ folder: absolute ?? '', byLibraryPath: true }];
}

function groupByName(natives: ReadonlyMap<string, NativeFile>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [path, native] of natives) {
    if (native.format !== 'elf') continue;
    for (const name of new Set([posix.basename(path), native.facts.soname ?? ''])) {
      groups.set(name, [...(groups.get(name) ?? []), path]);
    }
  }
  return groups;
}

/** Everything that is reached from `starts` by following `step`, the starts included. */
export function reach(
  starts: Iterable<string>,
  step: (path: string) => readonly string[],
): ReadonlySet<string> {
  const seen = new Set(starts);
  // A set goes on to what is added while it is gone through.
  for (const path of seen) for (const next of step(path)) seen.add(next);
  return seen;
}

/** Needs by the file that has them, or by the file that is needed. */
export function groupNeeds(
  needs: readonly Need[],
  side: 'from' | 'to',
): ReadonlyMap<string, readonly Need[]> {
  const groups = new Map<string, Need[]>();
  for (const need of needs) {
    const group = groups.get(need[side]);
    if (group) group.push(need);
    else groups.set(need[side], [need]);
  }
  return groups;
}
