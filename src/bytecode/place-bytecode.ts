import { posix } from 'node:path';
import { labelOf, makeOwnerFinder } from '../presets/owners.ts';
import type { Entry, FileEntry, PackageInstance, Removal, RuleRef, Tree } from '../types.ts';
import { compareCodeUnits, toArtifactPath } from '../util/path.ts';
import type { Compiled } from './compile-groups.ts';

/** Who made an entry, as its origin names it. */
export const BYTECODE = 'bytecode';

const RULE: RuleRef = {
  id: 'bytecode/sources',
  why: 'its bytecode stands in its place, and Python imports that without a source',
};

/** Where bytecode goes: into `__pycache__`, or into the place of its source where that is not needed. */
export interface Placement {
  /** Of the runtime, such as `3.12`. */
  readonly version: string;
  /** Whether a source gives way to its bytecode. */
  readonly replaces: (path: string) => boolean;
}

interface Placed {
  readonly source: FileEntry;
  readonly entry: FileEntry;
  readonly replaces: boolean;
}

/** Puts bytecode into a tree. What the user included in its place stays, and then so does the source. */
export function placeBytecode(
  tree: Tree,
  compiled: ReadonlyMap<string, Compiled>,
  placement: Placement,
): Tree {
  const included = new Set<string>(
    tree.entries.filter(({ origin }) => origin.kind === 'include').map(({ path }) => path),
  );
  const placed = tree.entries.flatMap(source => {
    const bytecode = compiled.get(source.path);
    if (source.kind === 'link' || !bytecode) return [];
    const each = place(source, bytecode, placement);
    return included.has(each.entry.path) ? [] : [each];
  });
  const gone = new Set<string>(
    placed.flatMap(({ source, entry, replaces }) => [entry.path, ...(replaces ? [source.path] : [])]),
  );
  const entries = [...tree.entries.filter(({ path }) => !gone.has(path)), ...placed.map(each => each.entry)];
  return {
    entries: entries.sort(byPath),
    packages: withOwned(tree.packages, placed),
    removals: [...tree.removals, ...removalsOf(placed, tree.packages)].sort(byPath),
  };
}

/** The tree as it was before `placeBytecode` put bytecode into `__pycache__`. */
export function dropBytecode(tree: Tree): Tree {
  return { ...tree, entries: tree.entries.filter(entry => !isBytecode(entry)) };
}

/** True for what `placeBytecode` added. */
export function isBytecode({ origin }: Entry): boolean {
  return origin.kind === 'generated' && origin.by === BYTECODE;
}

function place(source: FileEntry, { file, bytes, mtimeMs }: Compiled, placement: Placement): Placed {
  const { dir, name } = posix.parse(source.path);
  const replaces = placement.replaces(source.path);
  const tag = `cpython-${placement.version.replace('.', '')}`;
  const path = replaces ? `${name}.pyc` : `__pycache__/${name}.${tag}.pyc`;
  const entry: FileEntry = {
    kind: 'file',
    path: toArtifactPath(posix.join(dir, path)),
    source: { kind: 'disk', path: file, mtimeMs },
    bytes,
    mode: 0o644,
    origin: { kind: 'generated', by: BYTECODE },
  };
  return { source, entry, replaces };
}

/** Bytecode belongs to the package of its source. */
function withOwned(
  packages: readonly PackageInstance[],
  placed: readonly Placed[],
): readonly PackageInstance[] {
  const findOwner = makeOwnerFinder(packages);
  const added = new Map<PackageInstance, string[]>(packages.map(instance => [instance, []]));
  for (const { source, entry } of placed) {
    const owner = findOwner(source.path);
    if (owner) added.get(owner)?.push(entry.path);
  }
  return packages.map(instance =>
    instance.owns === null
      ? instance
      : { ...instance, owns: [...new Set([...instance.owns, ...(added.get(instance) ?? [])])] },
  );
}

function removalsOf(placed: readonly Placed[], packages: readonly PackageInstance[]): readonly Removal[] {
  const findOwner = makeOwnerFinder(packages);
  return placed.flatMap(({ source: { path, bytes }, entry, replaces }) => {
    if (!replaces) return [];
    const owner = findOwner(path);
    return [
      { path, bytes, rule: RULE, ...(owner ? { package: labelOf(owner) } : {}), parents: [entry.path] },
    ];
  });
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return compareCodeUnits(a.path, b.path);
}
