import { compareCodeUnits } from '../../util/path.ts';
import type { PageCopy, PageDuplicate } from './page-types.ts';

/** Files so small are alike by nature, such as empty `__init__.py`, bytes. */
const MIN_BYTES = 64;

/** A file of which the content is known by a digest; null where it is not. */
export interface DigestedFile {
  readonly path: string;
  readonly bytes: number;
  readonly digest: string | null;
}

/** Files of the same content, those first that cost most. */
export function findDuplicates(files: readonly DigestedFile[]): readonly PageDuplicate[] {
  const groups = new Map<string, { bytes: number; paths: string[] }>();
  for (const { path, bytes, digest } of files) {
    if (digest === null || bytes < MIN_BYTES) continue;
    const key = `${bytes} ${digest}`;
    const group = groups.get(key);
    if (group) group.paths.push(path);
    else groups.set(key, { bytes, paths: [path] });
  }
  return [...groups.values()]
    .filter(({ paths }) => paths.length > 1)
    .map(({ bytes, paths }) => ({ bytes, paths: paths.sort(compareCodeUnits) }))
    .sort((a, b) => wasteOf(b) - wasteOf(a) || compareCodeUnits(a.paths[0] ?? '', b.paths[0] ?? ''));
}

function wasteOf({ bytes, paths }: PageDuplicate): number {
  return bytes * (paths.length - 1);
}

/** A package at one place of the artifact. */
export interface PlacedPackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly dir: string;
  /** Inside a bundle, which holds what it uses of it once. */
  readonly isBundled: boolean;
  readonly bytes: number;
  readonly files: number;
}

/** Packages of npm that lie at several places, those first of which the copies are largest. */
export function findCopies(packages: readonly PlacedPackage[]): readonly PageCopy[] {
  const byName = new Map<string, PlacedPackage[]>();
  for (const one of packages) {
    if (one.isBundled || one.ecosystem !== 'npm') continue;
    byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  }
  return [...byName]
    .filter(([, places]) => places.length > 1)
    .map(([name, places]) => ({
      package: name,
      places: places
        .map(({ version, dir, bytes, files }) => ({ version, dir, bytes, files }))
        .sort((a, b) => b.bytes - a.bytes || compareCodeUnits(a.dir, b.dir)),
    }))
    .sort((a, b) => costOf(b) - costOf(a) || compareCodeUnits(a.package, b.package));
}

/** Of all copies but the largest. */
function costOf({ places }: PageCopy): number {
  return places.slice(1).reduce((sum, { bytes }) => sum + bytes, 0);
}
