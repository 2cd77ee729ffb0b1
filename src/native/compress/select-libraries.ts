import { posix } from 'node:path';
import type { NativeFile } from '../../elf/types.ts';
import { isAddon, isExecutable, makeChooser } from './choose-libraries.ts';
import { findGate } from './find-gates.ts';
import { findUnit } from './find-unit.ts';
import { groupNeeds, type Need, reach } from './library-graph.ts';
import { folderOf, type TreeIndex } from './tree-index.ts';
import type { MirrorInput, SkippedLibrary, SkipReason } from './types.ts';

export interface Selection {
  readonly compressed: ReadonlySet<string>;
  /** All that has to be loaded from the mirror: the compressed files and those that need them. */
  readonly mirrored: ReadonlySet<string>;
  readonly skipped: readonly SkippedLibrary[];
}

/** Decides which of the chosen libraries can be compressed without anything being unable to find them. */
export function selectLibraries(input: MirrorInput, index: TreeIndex, needs: readonly Need[]): Selection {
  const { natives, language, choice, incompressible = [] } = input;
  const chooses = makeChooser(choice);
  const all = language === 'nodejs' ? [...needs, ...findNeighbours(input, needs)] : needs;
  const byNeeded = groupNeeds(all, 'to');
  const compressed = new Set<string>();
  const mirrored = new Set<string>();
  const skipped: SkippedLibrary[] = [];
  for (const [path, native] of natives) {
    const file = index.files.get(path);
    if (!file || native.format !== 'elf' || !chooses(file, native.facts)) continue;
    const users = reach([path], at => (byNeeded.get(at) ?? []).map(({ from }) => from));
    const surroundings = { natives, index, byNeeded, language, incompressible: new Set(incompressible) };
    const reason = whySkipped(path, users, surroundings);
    if (reason) skipped.push({ path, bytes: file.bytes, reason });
    else for (const user of users) mirrored.add(user);
    if (!reason) for (const each of [path, ...programsOf(users, natives)]) compressed.add(each);
  }
  return { compressed, mirrored, skipped };
}

interface Surroundings {
  readonly natives: ReadonlyMap<string, NativeFile>;
  readonly index: TreeIndex;
  readonly byNeeded: ReadonlyMap<string, readonly Need[]>;
  readonly language: MirrorInput['language'];
  readonly incompressible: ReadonlySet<string>;
}

function whySkipped(path: string, users: ReadonlySet<string>, around: Surroundings): SkipReason | null {
  const { natives, index, byNeeded, language, incompressible } = around;
  // A program finds `$ORIGIN` by its true path, whatever link it was started by; it goes along as a whole.
  const whole = [path, ...programsOf(users, natives)];
  if (whole.some(each => incompressible.has(each))) return 'incompressible';
  if (language === 'nodejs' && programsOf(users, natives).length > 0) return 'executable';
  if ([...users].some(each => byNeeded.get(each)?.some(need => need.byLibraryPath))) return 'library-path';
  if (language === 'nodejs') return [...users].some(isAddon) ? null : 'unreached';
  return [...users].some(each => findGate(each, natives.get(each), index)) ? null : 'unimported';
}

function programsOf(paths: ReadonlySet<string>, natives: ReadonlyMap<string, NativeFile>): readonly string[] {
  return [...paths].filter(path => {
    const native = natives.get(path);
    return native?.format === 'elf' && isExecutable(native.facts);
  });
}

/**
 * Libraries like `libonnxruntime_providers_shared.so` are loaded by name, by a library that looks in its own folder, and has the
 * name in it. What merely lies beside one is not taken: code may look for it in its folder of the artifact (ggml does). What the
 * user names is taken to belong to any addon of its package.
 */
function findNeighbours({ natives, choice }: MirrorInput, needs: readonly Need[]): readonly Need[] {
  const byUser = groupNeeds(needs, 'from');
  const libraries = [...natives].flatMap(([path, { format }]) => (format === 'elf' ? [path] : []));
  const reached = reach(libraries.filter(isAddon), at => (byUser.get(at) ?? []).map(({ to }) => to));
  const areNeighbours = (from: string, to: string) =>
    (folderOf(from) === folderOf(to) && namesFile(natives.get(from), to)) ||
    (choice.only.length > 0 && isAddon(from) && findUnit(from, 'nodejs') === findUnit(to, 'nodejs'));
  // With the links to libraries, which have needs without being libraries.
  return [...new Set([...libraries, ...needs.map(({ from }) => from)])]
    .filter(path => !reached.has(path))
    .flatMap(to =>
      [...reached]
        .filter(from => areNeighbours(from, to))
        .map(from => ({ from, to, via: [], byLibraryPath: false })),
    );
}

function namesFile(native: NativeFile | undefined, path: string): boolean {
  return native?.format === 'elf' && native.facts.dlopens.includes(posix.basename(path));
}
