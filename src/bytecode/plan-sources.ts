import { posix } from 'node:path';
import { matchGlobs } from '../presets/match-glob.ts';
import { groupByOwner, insidePath } from '../presets/owners.ts';
import { presetsFor } from '../presets/presets-for.ts';
import type { PresetLibrary } from '../presets/schema.ts';
import type { FileEntry, Tree } from '../types.ts';
import { followLinks } from '../util/follow-links.ts';

/** The sources of a tree that are worth compiling. */
export interface SourcePlan {
  /** Those of each package, and those of nobody's. */
  readonly groups: readonly (readonly FileEntry[])[];
  /** Paths of sources that stay although their bytecode could stand for them. */
  readonly needed: ReadonlySet<string>;
}

export interface SourceRules {
  readonly library: PresetLibrary;
  /** Globs of the user. */
  readonly keep: readonly string[];
}

/** Lists the sources of a tree. An empty file is read faster than bytecode, and one with a second dot is no module. */
export function planSources(tree: Tree, rules: SourceRules): SourcePlan {
  const sources = tree.entries.filter(
    (entry): entry is FileEntry => entry.kind === 'file' && entry.bytes > 0 && isSource(entry.path),
  );
  const owned = groupByOwner(sources, tree.packages).map(({ entries }) => entries.filter(isFile));
  const taken = new Set(owned.flat());
  const groups = [...owned, sources.filter(entry => !taken.has(entry))];
  return { groups: groups.filter(group => group.length > 0), needed: findNeeded(tree, sources, rules) };
}

function isSource(path: string): boolean {
  return /^[^.]+\.py$/.test(posix.basename(path));
}

function isFile(entry: Tree['entries'][number]): entry is FileEntry {
  return entry.kind === 'file';
}

const MODULE_PATH = /^(?:[\p{ID_Start}_]\p{ID_Continue}*\/)*[\p{ID_Start}_]\p{ID_Continue}*\.py$/u;

/**
 * Bytecode beside a source's place is found by an import of its dotted name and by nothing else. What has no such name, what the
 * user or a preset asks for, and what a link leads to stays a source.
 */
function findNeeded(tree: Tree, sources: readonly FileEntry[], rules: SourceRules): ReadonlySet<string> {
  const isKept = matchGlobs(rules.keep);
  const ends = linkEnds(tree);
  const read = findRead(tree, sources, rules.library);
  const isNeeded = ({ path, origin }: FileEntry): boolean =>
    !MODULE_PATH.test(path) || origin.kind === 'include' || isKept(path) || ends.has(path) || read.has(path);
  return new Set(sources.filter(isNeeded).map(({ path }) => path));
}

function linkEnds({ entries }: Tree): ReadonlySet<string> {
  const links = new Map<string, string>(
    entries.flatMap(entry => (entry.kind === 'link' ? [[entry.path, entry.target] as const] : [])),
  );
  return new Set([...links.keys()].flatMap(path => followLinks(path, links)?.path ?? []));
}

/** What is read at run time, by what presets say: sources of packages, and the user's own where such a package is there. */
function findRead(
  { packages }: Tree,
  sources: readonly FileEntry[],
  { presets }: PresetLibrary,
): ReadonlySet<string> {
  const read = new Set<string>();
  const owned = groupByOwner(sources, packages);
  for (const { instance, entries } of owned) {
    const wishes = presetsFor(presets, instance.ecosystem, instance.name).flatMap(each => each.sources ?? []);
    for (const { keep } of wishes) {
      const match = keep === true ? () => true : matchGlobs(keep);
      for (const { path } of entries) if (match(insidePath(path, instance))) read.add(path);
    }
  }
  if (read.size === 0) return read;
  const ofPackages = new Set(owned.flatMap(({ entries }) => entries.map(({ path }) => path)));
  for (const { path } of sources) if (!ofPackages.has(path)) read.add(path);
  return read;
}
