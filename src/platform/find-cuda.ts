import type { Arch } from '../types.ts';
import { type CudaBuild, cudaBuildOf, isCudaPart } from './cuda.ts';

/** A Python package as it lies in an artifact. */
export interface Installed {
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  /** Its files by path, with their bytes. */
  readonly files: ReadonlyMap<string, number>;
  /** What it may ask for; null where nobody read it. */
  readonly requires: readonly { readonly name: string; readonly isExtra: boolean }[] | null;
}

/** A package that brought what only a GPU can use. */
export interface CudaCause {
  readonly name: string;
  readonly version: string;
  /** Null for one that the table does not know. */
  readonly build: CudaBuild | null;
  /** Names of the packages that are there for it and for a GPU only. */
  readonly parts: readonly string[];
  /** Of those and of its own files for GPUs. */
  readonly bytes: number;
}

/** Finds what is there only for a GPU, by what brought it; `arch` is null where nobody said. What several brought counts for the first. */
export function findCuda(installed: readonly Installed[], arch: Arch | null): readonly CudaCause[] {
  const parts = installed.filter(({ name }) => isCudaPart(name));
  const builds = findBuilds(installed, parts, arch);
  const taken = new Set<Installed>();
  const take = (found: readonly Installed[]): readonly Installed[] => {
    const own = found.filter(part => !taken.has(part));
    for (const part of own) taken.add(part);
    return own;
  };
  const known = builds.map(({ build, of: [first, ...others] }) =>
    toCause(first, build, [...others, ...take(reach([first, ...others], parts))]),
  );
  const askers = installed.filter(
    ({ name, requires }) => requires !== null && !isCudaPart(name) && cudaBuildOf(name) === null,
  );
  const unknown = [...askers, ...listTops(parts)].flatMap(asker => {
    if (taken.has(asker)) return [];
    const brought = take(reach([asker], parts));
    return brought.length > 0
      ? [
          toCause(
            asker,
            null,
            brought.filter(part => part !== asker),
          ),
        ]
      : [];
  });
  return [...known, ...unknown];
}

type Some = readonly [Installed, ...Installed[]];

/** Packages that are built for CUDA, those of one row together. */
function findBuilds(
  installed: readonly Installed[],
  parts: readonly Installed[],
  arch: Arch | null,
): readonly { readonly build: CudaBuild; readonly of: Some }[] {
  const rows = new Map<CudaBuild, Installed[]>();
  for (const each of installed) {
    const build = cudaBuildOf(each.name);
    if (build && isForCuda(build, each, parts, arch)) rows.set(build, [...(rows.get(build) ?? []), each]);
  }
  const found = [...rows].flatMap(([build, [first, ...others]]) =>
    first ? [{ build, of: [first, ...others] as const }] : [],
  );
  // Where nobody read who asks for whom, what only the parts tell counts if nothing else explains them.
  const isSure = ({ build, of: [first] }: (typeof found)[number]): boolean =>
    first.requires !== null || isForCuda(build, first, [], arch);
  return found.some(isSure) ? found.filter(isSure) : found.slice(0, 1);
}

function isForCuda(
  { when, files }: CudaBuild,
  installed: Installed,
  parts: readonly Installed[],
  arch: Arch | null,
): boolean {
  const holds: Readonly<Record<CudaBuild['when'][number], () => boolean>> = {
    always: () => true,
    version: () => /\+cu\d/.test(installed.version),
    files: () => [...installed.files.keys()].some(path => files.test(path)),
    parts: () => reach([installed], parts).length > 0,
    x64: () => arch === 'x64',
  };
  return when.some(sign => holds[sign]());
}

/** The parts that some packages ask for, and these in turn; a part reaches itself. */
function reach(from: readonly Installed[], parts: readonly Installed[]): readonly Installed[] {
  const reached = new Set<Installed>();
  const queue = [...from];
  for (const each of queue) {
    if (reached.has(each)) continue;
    reached.add(each);
    queue.push(...parts.filter(({ name }) => asksFor(each, name) ?? true));
  }
  return parts.filter(part => reached.has(part));
}

/** Parts that no other part asks for come first. */
function listTops(parts: readonly Installed[]): readonly Installed[] {
  const isAsked = ({ name }: Installed): boolean =>
    parts.some(other => other.name !== name && asksFor(other, name));
  return [...parts.filter(part => !isAsked(part)), ...parts.filter(isAsked)];
}

/** Undefined where nobody read it. */
function asksFor({ requires }: Installed, name: string): boolean | undefined {
  return requires?.some(each => each.name === name);
}

function toCause(cause: Installed, build: CudaBuild | null, others: readonly Installed[]): CudaCause {
  const own = [...cause.files].filter(([path]) => isCudaPart(cause.name) || build?.files.test(path));
  const bytes = [own, ...others.map(({ files }) => [...files])].flat().reduce((sum, [, of]) => sum + of, 0);
  return { name: cause.name, version: cause.version, build, parts: others.map(({ name }) => name), bytes };
}
