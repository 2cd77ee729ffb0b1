import type { PackageManifest } from './package-manifest.ts';

/** What presets know about collecting a package. */
export interface PackageHints {
  /** Why the package must stay outside the bundle; null when the preset does not say so. */
  readonly external: string | null;
  /** True when the package may be bundled although its code looks unfit. */
  readonly bundle: boolean;
  /** Dependencies that the package never loads at run time. */
  readonly unusedDependencies: readonly string[];
  /** Whether its install script has to run; null when no preset says. */
  readonly install: { readonly scripts: boolean } | null;
}

export type HintsOf = (manifest: Pick<PackageManifest, 'name' | 'version'>) => PackageHints;
