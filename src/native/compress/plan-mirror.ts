import { compareCodeUnits } from '../../util/path.ts';
import { isAddon } from './choose-libraries.ts';
import { findGate, type Gate, moveAside } from './find-gates.ts';
import { furnishMirror } from './furnish-mirror.ts';
import { findNeeds } from './library-graph.ts';
import { selectLibraries } from './select-libraries.ts';
import { indexTree, type TreeIndex } from './tree-index.ts';
import type { MirrorInput, MirrorPlan, MovedFile } from './types.ts';

/**
 * Decides which libraries travel compressed, and how the folder looks that stands for the artifact once they are inflated. Whatever
 * needs a compressed library has to be loaded from there too, and finds its own neighbours there.
 */
export function planMirror(input: MirrorInput): MirrorPlan {
  const { natives, language } = input;
  const index = indexTree(input.entries);
  const needs = findNeeds(index, natives);
  const { compressed, mirrored, skipped } = selectLibraries(input, index, needs);
  const gates = language === 'python' ? gatesOf(mirrored, input, index) : [];
  const moved = movedBy(gates, compressed);
  const places = new Map<string, string>(moved.map(({ from, to }) => [from, to]));
  const present = new Set([...mirrored, ...places.keys()]);
  return {
    compressed: sorted([...compressed]).flatMap(path => index.files.get(path) ?? []),
    ...furnishMirror({ language, index, needs, compressed, present, places }),
    addons:
      language === 'nodejs'
        ? sorted([...mirrored].filter(path => isAddon(path) && index.files.has(path)))
        : [],
    stubs: sorted([...new Set(gates.map(({ stub }) => stub))]),
    moved,
    skipped: [...skipped].sort((a, b) => compareCodeUnits(a.path, b.path)),
  };
}

/** Plans anew without files that turned out not to get smaller. */
export function dropFromPlan(input: MirrorInput, paths: readonly string[]): MirrorPlan {
  return planMirror({ ...input, incompressible: [...(input.incompressible ?? []), ...paths] });
}

function gatesOf(mirrored: ReadonlySet<string>, { natives }: MirrorInput, index: TreeIndex): readonly Gate[] {
  return [...mirrored].flatMap(path => findGate(path, natives.get(path), index) ?? []);
}

function movedBy(gates: readonly Gate[], compressed: ReadonlySet<string>): readonly MovedFile[] {
  const paths = new Set(gates.flatMap(({ moved }) => moved));
  return sorted([...paths].filter(path => !compressed.has(path))).map(moveAside);
}

function sorted<T extends string>(paths: readonly T[]): readonly T[] {
  return [...paths].sort(compareCodeUnits);
}
