import { LIBRARY_DIR } from '../codec/library-index.ts';
import type { Match } from '../presets/match-glob.ts';
import { makeOwnerFinder } from '../presets/owners.ts';
import type { Entry, FileEntry, LinkEntry, Runtime, Tree } from '../types.ts';
import { followLinks } from '../util/follow-links.ts';
import { ownCodeFinder } from './own-code.ts';

/** Something for the bundle; what belongs to one group is sent together. */
export interface Grouped {
  readonly entry: Entry;
  /** Name of the package, or of the folder of own files. */
  readonly group: string;
}

export interface SplitTree {
  readonly zip: readonly Entry[];
  readonly bundle: readonly Grouped[];
}

export interface SplitRules {
  readonly language: Runtime['language'];
  /** Whether an own file goes along with the packages. */
  readonly isWanted: Match;
}

/**
 * Parts a tree into what stays in the zip and what goes into the bundle: packages, and the own files that are wanted there. A link
 * that would lead to the other side becomes a copy of its file; one to a folder stays beside what lies in the folder.
 */
export function splitTree(tree: Tree, rules: SplitRules): SplitTree {
  const groupOf = findGroups(tree, rules);
  const groups = new Map<string, string | null>(tree.entries.map(entry => [entry.path, groupOf(entry)]));
  const sideOf = (path: string) => ((groups.get(path) ?? null) === null ? 'zip' : 'bundle');
  const settle = makeSettler(tree.entries, sideOf);
  const zip: Entry[] = [];
  const bundle: Grouped[] = [];
  for (const each of tree.entries) {
    const { entry, sides } =
      each.kind === 'link' ? settle(each) : { entry: each, sides: new Set([sideOf(each.path)]) };
    if (sides.has('zip')) zip.push(entry);
    if (sides.has('bundle')) bundle.push({ entry, group: groups.get(entry.path) ?? topOf(entry.path) });
  }
  return { zip, bundle };
}

/** The group of each entry in the bundle; null for what stays. */
function findGroups(tree: Tree, { language, isWanted }: SplitRules): (entry: Entry) => string | null {
  const packageOf = language === 'nodejs' ? npmNameOf : distributionFinder(tree);
  const isOwnCode = ownCodeFinder(tree.entries.filter(({ path }) => packageOf(path) === null));
  return entry => {
    const { path } = entry;
    if (path.startsWith(`${LIBRARY_DIR}/`)) return null;
    const owner = packageOf(path);
    if (owner !== null) return owner;
    return isWanted(path) && !isOwnCode(entry) ? topOf(path) : null;
  };
}

/**
 * Whose a file of a Python function is: null for the user's own. Python looks for the parts of a package where its `__init__` lies, so
 * all that is in the folder of one goes with it, whoever brought it; only packages without one may have parts in several places.
 */
function distributionFinder({ entries, packages }: Tree): (path: string) => string | null {
  const ownerOf = makeOwnerFinder(packages.filter(({ owns }) => owns !== null));
  const inits = new Map(
    entries.flatMap(({ path }): (readonly [string, string])[] =>
      /\/__init__\.pyc?$/.test(path) ? [[path.slice(0, path.lastIndexOf('/')), path]] : [],
    ),
  );
  return path => ownerOf(findInit(path, inits) ?? path)?.name ?? null;
}

/** The `__init__` of the outermost package around a file. */
function findInit(path: string, inits: ReadonlyMap<string, string>): string | undefined {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const init = inits.get(path.slice(0, at));
    if (init !== undefined) return init;
  }
  return undefined;
}

/** Packages inside a package go with it. */
function npmNameOf(path: string): string | null {
  const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return name ?? null;
}

/** True for a group of own files, and not for a package. */
export function isOwnGroup(group: string): boolean {
  return group.startsWith('./') || group.endsWith('/');
}

/** The folder at the top, or the file itself; the slash keeps it apart from packages of that name. */
function topOf(path: string): string {
  const [top = '', ...rest] = path.split('/');
  return rest.length === 0 ? `./${top}` : `${top}/`;
}

type Sides = ReadonlySet<'zip' | 'bundle'>;

/** What a link becomes, and where. */
type Settle = (link: LinkEntry) => { readonly entry: Entry; readonly sides: Sides };

function makeSettler(entries: readonly Entry[], sideOf: (path: string) => 'zip' | 'bundle'): Settle {
  const files = new Map<string, FileEntry>();
  const targets = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind === 'link') targets.set(entry.path, entry.target);
    else files.set(entry.path, entry);
  }
  const folders = listFolders(files.keys(), sideOf);
  return link => {
    const side = sideOf(link.path);
    const end = followLinks(link.path, targets);
    const sides = end && folders.get(end.path);
    if (sides) return { entry: link, sides };
    const file = end && files.get(end.path);
    const isAcross = end && [end.path, ...end.via].some(step => sideOf(step) !== side);
    const entry = file && isAcross ? { ...file, path: link.path, origin: link.origin } : link;
    return { entry, sides: new Set([side]) };
  };
}

/** The sides on which something lies in each folder. */
function listFolders(
  paths: Iterable<string>,
  sideOf: (path: string) => 'zip' | 'bundle',
): ReadonlyMap<string, Sides> {
  const folders = new Map<string, Set<'zip' | 'bundle'>>();
  for (const path of paths) {
    const side = sideOf(path);
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const sides = folders.get(path.slice(0, at)) ?? new Set();
      if (sides.has(side)) break;
      folders.set(path.slice(0, at), sides.add(side));
    }
  }
  return folders;
}
