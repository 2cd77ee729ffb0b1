import type { Ecosystem } from './types.ts';

declare const artifactPath: unique symbol;
/** A checked path inside the artifact: `/` separated, relative, no `.` or `..` segment. Made by `toArtifactPath` only. */
export type ArtifactPath = string & { readonly [artifactPath]: true };

/** Why an entry is in the tree. */
export type Origin =
  /** `inputs` are the sources that were bundled into it, none where it is the handler's own file; `packages` those with code in it. */
  | {
      readonly kind: 'entry';
      readonly inputs: readonly string[];
      readonly packages?: readonly BundledPackage[];
    }
  | { readonly kind: 'traced'; readonly parents: readonly string[] }
  | { readonly kind: 'package'; readonly package: string; readonly parents: readonly string[] }
  | { readonly kind: 'asset'; readonly parents: readonly string[] }
  | { readonly kind: 'include'; readonly pattern: string }
  | { readonly kind: 'generated'; readonly by: string };

/** A package from npm whose code is inside a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Of the bundle. */
  readonly bytes: number;
  /** Names of the packages that it asks for. */
  readonly requires: readonly string[];
  /** As its manifest names it; null where it does not. */
  readonly license: string | null;
}

/** Where the bytes of a file lie. `disk` files are read only when they are written; `mtimeMs` tells whether they changed meanwhile. */
export type Source =
  | { readonly kind: 'disk'; readonly path: string; readonly mtimeMs: number }
  | { readonly kind: 'memory'; readonly data: Uint8Array };

export interface FileEntry {
  readonly kind: 'file';
  readonly path: ArtifactPath;
  readonly source: Source;
  readonly bytes: number;
  readonly mode: 0o644 | 0o755;
  readonly origin: Origin;
}

export interface LinkEntry {
  readonly kind: 'link';
  readonly path: ArtifactPath;
  /** Relative to the folder of `path`; never leaves the artifact. */
  readonly target: string;
  readonly origin: Origin;
}

export type Entry = FileEntry | LinkEntry;

/** A package as it lies in the tree; one package may lie in it more than once. */
export interface PackageInstance {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version: string;
  /** Folder in the artifact that the package's own paths start from: `node_modules/sharp`; for PyPI the one all are installed into. */
  readonly dir: string;
  /** Paths in the artifact that belong to the package, where its folder does not tell; null for npm. */
  readonly owns: readonly string[] | null;
}

/** What will be in the artifact, sorted by code unit of `path`. */
export interface Tree {
  readonly entries: readonly Entry[];
  readonly packages: readonly PackageInstance[];
  /** What went on the way here, with the rule that took it. */
  readonly removals: readonly Removal[];
}

/** A rule as it is named in reports: `<preset>/<rule>` or `collect/<rule>`. */
export interface RuleRef {
  readonly id: string;
  readonly why: string;
}

export interface Removal {
  readonly path: string;
  readonly bytes: number;
  readonly rule: RuleRef;
  /** Who brought it, such as `onnxruntime-node@1.30.0`. */
  readonly package?: string;
  /** Files that took its place or asked for it, for the chain that `why` prints. */
  readonly parents?: readonly string[];
}
