import { groupByOwner, labelOf } from '../presets/owners.ts';
import type { Entry, ExactReport, Removal, RuleRef, Tree } from '../types.ts';
import { bytesOf, sumBytes } from '../util/entry-bytes.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { Verdict } from './decide.ts';

const NOT_NEEDED: RuleRef = {
  id: 'exact/not-needed',
  why: 'neither the static trace nor the recorded run reaches it',
};

export interface Cut {
  readonly tree: Tree;
  readonly report: ExactReport;
  readonly rest: readonly Entry[];
}

/** Takes from a tree what does not stay, and counts it. */
export function cutTree(tree: Tree, verdict: Verdict, events: number): Cut {
  const { stays, emptied, byTrace, byRun } = verdict;
  const going = tree.entries.filter(({ path }) => !stays.has(path) && !emptied.has(path));
  const rest = tree.entries.filter(({ path }) => !stays.has(path));
  const entries = tree.entries.flatMap(entry => {
    if (stays.has(entry.path)) return [entry];
    return emptied.has(entry.path) ? [toEmpty(entry)] : [];
  });
  const removals = [...tree.removals, ...toRemovals(going, tree)];
  const savedBy = (kept: ReadonlySet<string>): number =>
    sumBytes(tree.entries.filter(({ path }) => !kept.has(path)));
  return {
    tree: { ...tree, entries, removals: removals.sort((a, b) => compareCodeUnits(a.path, b.path)) },
    rest,
    report: {
      events,
      bytesBefore: sumBytes(tree.entries),
      savedByTraceBytes: savedBy(byTrace),
      savedByRunBytes: savedBy(byRun),
      savedBytes: sumBytes(rest),
      removedFiles: going.length,
      emptiedFiles: emptied.size,
      rest: null,
    },
  };
}

/** With its mode, which a program may ask for as well. */
function toEmpty(entry: Entry): Entry {
  if (entry.kind === 'link') return entry;
  const by = 'exact: the recorded run only looked at it, so it is there without its content';
  return {
    ...entry,
    source: { kind: 'memory', data: new Uint8Array(0) },
    bytes: 0,
    origin: { kind: 'generated', by },
  };
}

function toRemovals(going: readonly Entry[], { entries, packages }: Tree): readonly Removal[] {
  const owners = new Map(
    groupByOwner(entries, packages).flatMap(({ instance, entries: own }) =>
      own.map(({ path }) => [path as string, labelOf(instance)] as const),
    ),
  );
  return going.map(entry => {
    const owner = owners.get(entry.path);
    return {
      path: entry.path,
      bytes: bytesOf(entry),
      rule: NOT_NEEDED,
      ...(owner ? { package: owner } : {}),
      ...('parents' in entry.origin ? { parents: entry.origin.parents } : {}),
    };
  });
}
