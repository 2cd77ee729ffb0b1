import type { Runtime, Tree } from '../types.ts';
import { findPinned, type PinSources } from './find-pinned.ts';
import { findTouched, type TouchedFiles } from './find-touched.ts';
import { makeNativeNeeds } from './native-needs.ts';
import { makePythonGraph } from './python-graph.ts';
import type { Touched } from './read-log.ts';
import { makeSilentWhenEmpty } from './silent-when-empty.ts';
import { makeBytecodePairs, type Step, spread, toWorld, type World, withFolders } from './spread.ts';

/** What stays of a tree, by path. */
export interface Verdict {
  readonly stays: ReadonlySet<string>;
  /** Files that stay without their bytes. */
  readonly emptied: ReadonlySet<string>;
  /** What would stay if the static trace decided alone, and if the run did. */
  readonly byTrace: ReadonlySet<string>;
  readonly byRun: ReadonlySet<string>;
}

/** Decides what stays; the two ways alone are for the report. */
export function decide(tree: Tree, touched: Touched, sources: PinSources): Verdict {
  const world = toWorld(tree);
  const pinned = findPinned(tree, sources);
  const files = findTouched(touched, world);
  const needs = makeNativeNeeds(tree.entries);
  const pairs = makeBytecodePairs(world);
  const bring: Step = path => [...needs.needed(path), ...pairs(path)];
  const traced = findTraced(tree, sources.target.runtime);
  const graph = sources.target.runtime.language === 'python' ? makePythonGraph(tree.entries) : () => [];
  const imports: Step = path => [...graph(path), ...pairs(path)];
  const isSilent = makeSilentWhenEmpty(world, needs.isNative);
  const whole = [...files.seen].filter(isSilent);
  const ran = [...files.read, ...whole];
  const byTrace = spread([...pinned, ...traced, ...reach(traced, imports)], world, bring);
  const byRun = spread([...pinned, ...ran], world, bring);
  // What a module that only the run found imports in a branch that was not taken stays as well.
  const all = [...traced, ...files.read];
  const stays = spread([...pinned, ...traced, ...ran, ...reach(all, imports)], world, bring);
  const emptied = [...files.seen].filter(path => !stays.has(path));
  return { ...holdFolders(files, stays, emptied, { world, isSilent }), byTrace, byRun };
}

/**
 * What the function's own code is, and what it was traced to. In Python some files are traced from packages that the handler may never
 * import; those are not the function's.
 */
function findTraced({ entries }: Tree, { language }: Runtime): ReadonlySet<string> {
  const traced = entries.filter(({ origin }) => origin.kind !== 'package' && origin.kind !== 'generated');
  if (language !== 'python') return new Set(traced.map(({ path }) => path));
  const children = new Map<string, string[]>();
  const own = new Set<string>();
  for (const { path, origin } of traced) {
    const [parent] = origin.kind === 'traced' ? origin.parents : [];
    if (parent === undefined) own.add(path);
    else children.set(parent, [...(children.get(parent) ?? []), path]);
  }
  for (const path of own) for (const child of children.get(path) ?? []) own.add(child);
  return own;
}

function reach(starts: Iterable<string>, step: Step): ReadonlySet<string> {
  const seen = new Set(starts);
  for (const path of seen) for (const next of step(path)) seen.add(next);
  return seen;
}

/** A folder that was looked at has to be there: where all its files go, the smallest one that may be empty holds it. */
function holdFolders(
  { folders }: TouchedFiles,
  stays: ReadonlySet<string>,
  emptied: readonly string[],
  { world, isSilent }: { readonly world: World; readonly isSilent: (path: string) => boolean },
): Pick<Verdict, 'stays' | 'emptied'> {
  const kept = new Set(stays);
  const empty = new Set(emptied);
  const standing = new Set([...stays, ...emptied].flatMap(withFolders));
  // The deepest first: what holds a folder holds those above it.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    if (standing.has(folder)) continue;
    const inside = [...world.files.values()].filter(({ path }) => path.startsWith(`${folder}/`));
    const [holder] = inside.sort(
      (a, b) => Number(isSilent(a.path)) - Number(isSilent(b.path)) || a.bytes - b.bytes,
    );
    if (!holder) continue;
    (isSilent(holder.path) ? kept : empty).add(holder.path);
    for (const each of withFolders(holder.path)) standing.add(each);
  }
  return { stays: kept, emptied: empty };
}
