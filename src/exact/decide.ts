import type { Tree } from '../types.ts';
import { findPinned, type PinSources } from './find-pinned.ts';
import { findTouched, type TouchedFiles } from './find-touched.ts';
import { makeNativeNeeds } from './native-needs.ts';
import { makePythonGraph } from './python-graph.ts';
import type { Touched } from './read-log.ts';
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
  const traced = findTraced(tree);
  const graph = sources.target.runtime.language === 'python' ? makePythonGraph(tree.entries) : () => [];
  const imports: Step = path => [...graph(path), ...pairs(path)];
  const whole = [...files.seen].filter(path => loadsSilently(path) && !needs.isNative(path));
  const ran = [...files.read, ...whole];
  const byTrace = spread([...pinned, ...traced, ...reach(traced, imports)], world, bring);
  const byRun = spread([...pinned, ...ran], world, bring);
  // What a module that only the run found imports in a branch that was not taken stays as well.
  const all = [...traced, ...files.read];
  const stays = spread([...pinned, ...traced, ...ran, ...reach(all, imports)], world, bring);
  const emptied = [...files.seen].filter(path => !stays.has(path));
  return { ...holdFolders(files, stays, emptied, world), byTrace, byRun };
}

/** What the function's own code is, and what it was traced to. */
function findTraced({ entries }: Tree): ReadonlySet<string> {
  const traced = entries.filter(({ origin }) => origin.kind !== 'package' && origin.kind !== 'generated');
  return new Set(traced.map(({ path }) => path));
}

function reach(starts: Iterable<string>, step: Step): ReadonlySet<string> {
  const seen = new Set(starts);
  for (const path of seen) for (const next of step(path)) seen.add(next);
  return seen;
}

/** Empty, it would load as a module that has nothing in it, or read as a wrong setting. Other files fail where they are used. */
function loadsSilently(path: string): boolean {
  return /(?:^|\/)[^./]+$|\.(?:[cm]?[jt]sx?|json|py|pth)$/.test(path);
}

/** A folder that was looked at has to be there: where all its files go, the smallest one that may be empty holds it. */
function holdFolders(
  { folders }: TouchedFiles,
  stays: ReadonlySet<string>,
  emptied: readonly string[],
  { files }: World,
): Pick<Verdict, 'stays' | 'emptied'> {
  const kept = new Set(stays);
  const empty = new Set(emptied);
  const standing = new Set([...stays, ...emptied].flatMap(withFolders));
  // The deepest first: what holds a folder holds those above it.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    if (standing.has(folder)) continue;
    const inside = [...files.values()].filter(({ path }) => path.startsWith(`${folder}/`));
    const [holder] = inside.sort(
      (a, b) => Number(loadsSilently(a.path)) - Number(loadsSilently(b.path)) || a.bytes - b.bytes,
    );
    if (!holder) continue;
    (loadsSilently(holder.path) ? kept : empty).add(holder.path);
    for (const each of withFolders(holder.path)) standing.add(each);
  }
  return { stays: kept, emptied: empty };
}
