import type { Entry, PackageInstance } from '../types.ts';

/** The entries of one package in the tree, without those of packages that lie inside it. */
export interface Owned {
  readonly instance: PackageInstance;
  readonly entries: readonly Entry[];
}

/** Deals the entries out to the packages they belong to: of two that a path lies in, the deeper one has it. */
export function groupByOwner(
  entries: readonly Entry[],
  packages: readonly PackageInstance[],
): readonly Owned[] {
  const byDir = new Map(packages.map(instance => [instance.dir, { instance, entries: [] as Entry[] }]));
  for (const entry of entries) ownerOf(entry.path, byDir)?.entries.push(entry);
  return [...byDir.values()];
}

function ownerOf<T>(path: string, byDir: ReadonlyMap<string, T>): T | undefined {
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
