import { kindOf } from '../inventory/kind-of.ts';
import type { Inventory } from '../inventory/types.ts';
import type { BuildResult } from '../types.ts';
import { bytesOf } from '../util/entry-bytes.ts';
import { compareCodeUnits } from '../util/path.ts';
import { groupKept } from './group-kept.ts';

/** A package, a kind or a file; `compressedBytes` is null where it is not known. */
export interface Share {
  readonly name: string;
  readonly bytes: number;
  readonly compressedBytes: number | null;
  readonly files: number;
}

/** The largest things of an artifact or a plan, each list the largest first; sizes in bytes. */
export interface Analysis {
  readonly name: string;
  /** Null for a plan. */
  readonly path: string | null;
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number;
  readonly files: number;
  readonly packages: readonly Share[];
  readonly kinds: readonly Share[];
  readonly largest: readonly Share[];
}

interface Sized {
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number | null;
}

/** What is large in a zip or a folder. */
export function analyzeInventory(inventory: Inventory): Analysis {
  const { name, path, zippedBytes, unzippedBytes, files } = inventory;
  return {
    ...{ name, path, zippedBytes, unzippedBytes, files: files.length },
    packages: splitBundles(
      sumBy(files, file => file.group),
      inventory,
    ),
    ...sumFiles(files),
  };
}

/** What would be large in the artifact of a plan. */
export function analyzePlan(result: BuildResult): Analysis {
  const { name, tree } = result;
  const files = tree.entries.map(entry => ({
    path: entry.path,
    bytes: bytesOf(entry),
    compressedBytes: null,
  }));
  return {
    ...{ name, path: null, zippedBytes: null, files: files.length },
    unzippedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    packages: groupKept(result),
    ...sumFiles(files),
  };
}

function sumFiles(files: readonly Sized[]): Pick<Analysis, 'kinds' | 'largest'> {
  const largest = files.map(({ path, bytes, compressedBytes }) => ({
    ...{ name: path, bytes, compressedBytes, files: 1 },
  }));
  return { kinds: sumBy(files, ({ path }) => kindOf(path)), largest: sort(largest) };
}

function sumBy<T extends Sized>(files: readonly T[], keyOf: (file: T) => string): readonly Share[] {
  const shares = new Map<string, Share>();
  for (const file of files) {
    const name = keyOf(file);
    const share = shares.get(name) ?? { name, bytes: 0, compressedBytes: null, files: 0 };
    shares.set(name, {
      name,
      bytes: share.bytes + file.bytes,
      compressedBytes:
        file.compressedBytes === null
          ? share.compressedBytes
          : (share.compressedBytes ?? 0) + file.compressedBytes,
      files: share.files + 1,
    });
  }
  return sort([...shares.values()]);
}

/** Packages inside a bundle get shares of their own, which the bundle then lacks. */
function splitBundles(shares: readonly Share[], { packages, files }: Inventory): readonly Share[] {
  const bundled = packages.filter(({ isBundled }) => isBundled);
  if (bundled.length === 0) return shares;
  const groups = new Map(files.map(({ path, group }) => [path, group]));
  const taken = new Map<string, number>();
  for (const { dir, bytes } of bundled) {
    const group = groups.get(dir) ?? '';
    taken.set(group, (taken.get(group) ?? 0) + bytes);
  }
  return sort([
    ...shares.map(share => ({ ...share, bytes: Math.max(0, share.bytes - (taken.get(share.name) ?? 0)) })),
    ...bundled.map(({ name, version, dir, bytes }) => ({
      name: `${name}@${version} in ${dir}`,
      ...{ bytes, compressedBytes: null, files: 0 },
    })),
  ]);
}

function sort(shares: readonly Share[]): readonly Share[] {
  return [...shares].sort((a, b) => b.bytes - a.bytes || compareCodeUnits(a.name, b.name));
}
