import type { Entry, PackageInstance } from '../types.ts';

/** The entries of one package in the tree, without those of packages that lie inside it. */
export interface Owned {
  readonly instance: PackageInstance;
  readonly entries: readonly Entry[];
}

/** Deals the entries out to the packages they belong to. */
export function groupByOwner(
  entries: readonly Entry[],
  packages: readonly PackageInstance[],
): readonly Owned[] {
  const findOwner = makeOwnerFinder(packages);
  const groups = new Map(packages.map(instance => [instance, { instance, entries: [] as Entry[] }]));
  for (const entry of entries) {
    const owner = findOwner(entry.path);
    if (owner) groups.get(owner)?.entries.push(entry);
  }
  return [...groups.values()];
}

/**
 * Makes the question "whose is this path?": of the package that names it, the first one where several do, else of the folder it
 * lies in; of two such folders the deeper one has it.
 */
export function makeOwnerFinder(
  packages: readonly PackageInstance[],
): (path: string) => PackageInstance | undefined {
  const byPath = new Map<string, PackageInstance>();
  const byDir = new Map<string, PackageInstance>();
  for (const instance of packages) {
    if (instance.owns === null) byDir.set(instance.dir, instance);
    for (const path of instance.owns ?? []) if (!byPath.has(path)) byPath.set(path, instance);
  }
  return path => byPath.get(path) ?? findFolder(path, byDir);
}

function findFolder<T>(path: string, byDir: ReadonlyMap<string, T>): T | undefined {
  for (let dir = parentOf(path); ; dir = parentOf(dir)) {
    const owner = byDir.get(dir);
    if (owner || dir === '') return owner;
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The path of an entry from the root of its package. */
export function insidePath(path: string, { dir }: PackageInstance): string {
  return dir === '' ? path : path.slice(dir.length + 1);
}

/** `onnxruntime-node@1.30.0` */
export function labelOf({ name, version }: PackageInstance): string {
  return `${name}@${version}`;
}
