import type { Ecosystem } from '../types.ts';

/** A file or link of an artifact; sizes in bytes, `compressedBytes` null in a folder. */
export interface InventoryFile {
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number | null;
  /** `sharp@0.34.1`, or where the file comes from in words: `your files`. */
  readonly group: string;
}

/** A package that is in an artifact, as files of its own or inside a bundle. Sizes in bytes. */
export interface InventoryPackage {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  /** Empty where its manifest does not say. */
  readonly version: string;
  /** Folder of its files; of a bundled one the path of the bundle. */
  readonly dir: string;
  readonly isBundled: boolean;
  readonly bytes: number;
  /** Null in a folder, and inside a bundle, which is compressed as a whole. */
  readonly compressedBytes: number | null;
  readonly files: number;
  /** Names of the packages that it asks for. */
  readonly requires: readonly string[];
  /** As its manifest names it, such as `MIT`; null where it does not. */
  readonly license: string | null;
}

/** What is in an artifact, whoever made it; sizes in bytes. */
export interface Inventory {
  readonly path: string;
  /** Name of the function, else of the file. */
  readonly name: string;
  /** Null for a folder. */
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number;
  readonly files: readonly InventoryFile[];
  /** Sorted by ecosystem, name, version and folder. */
  readonly packages: readonly InventoryPackage[];
}

/** One line of what changed between a baseline and now; sizes in bytes. */
export interface GrowthItem {
  /** `grown` also means shrunk: the version is the same. */
  readonly change: 'added' | 'removed' | 'updated' | 'grown';
  /** A package, or what else stands in the artifact: `your files`. */
  readonly name: string;
  readonly isPackage: boolean;
  /** Versions, several joined by `, `; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
  readonly beforeBytes: number;
  readonly bytes: number;
  /** Packages that nobody asks for but the function itself, and that bring this one; empty where it is one of them. */
  readonly broughtBy: readonly string[];
}

/** What changed since a baseline; the largest change first. */
export interface Growth {
  readonly beforeZippedBytes: number | null;
  readonly beforeUnzippedBytes: number;
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number;
  readonly items: readonly GrowthItem[];
}
