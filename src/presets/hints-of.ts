import { isCovered } from './is-covered.ts';
import { presetsFor } from './presets-for.ts';
import type { Preset } from './schema.ts';

/** What presets know about collecting a package. */
export interface PresetHints {
  /** Why the package must stay outside the bundle; null when no preset says so. */
  readonly external: string | null;
  readonly bundle: boolean;
  readonly unusedDependencies: readonly string[];
  /** Whether its install script has to run, and why; null when no preset says. */
  readonly install: { readonly scripts: boolean; readonly why: string } | null;
}

/**
 * Tells what presets know about an npm package, the preset written for it alone first. What is only safe for the
 * versions that were looked at (bundling, dropping dependencies) is said for those alone.
 */
export function hintsOf(
  presets: readonly Preset[],
  { name, version }: { readonly name: string; readonly version: string },
): PresetHints {
  const matching = presetsFor(presets, 'npm', name);
  const covering = matching.filter(preset => isCovered(version, preset.versions, 'npm'));
  const unused = covering.flatMap(preset => preset.unusedDependencies);
  return {
    external: matching.find(preset => preset.external)?.external?.why ?? null,
    bundle: covering.some(preset => preset.bundle),
    unusedDependencies: unused.map(dependency => dependency.name),
    install: matching.find(preset => preset.install)?.install ?? null,
  };
}
