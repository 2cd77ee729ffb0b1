import type { Ecosystem } from '../types.ts';
import { matchGlobs } from './match-glob.ts';
import type { Preset, PresetData } from './schema.ts';

/** The names and globs of packages that a preset is for. */
export function packagesOf({ package: packages }: Pick<PresetData, 'package'>): readonly string[] {
  return typeof packages === 'string' ? [packages] : packages;
}

/** True for a preset of kinds of files inside any package. */
export function isKind(preset: Pick<PresetData, 'package'>): boolean {
  return packagesOf(preset).includes('*');
}

/** The presets of a package, the one written for it alone first, those for any package last. */
export function presetsFor(
  presets: readonly Preset[],
  ecosystem: Ecosystem,
  packageName: string,
): readonly Preset[] {
  const ranked = presets
    .filter(preset => preset.ecosystem === ecosystem)
    .map(preset => ({ preset, rank: rankOf(preset, packageName) }))
    .filter(({ rank }) => rank < NOT_FOR);
  return ranked.sort((a, b) => a.rank - b.rank).map(({ preset }) => preset);
}

const NOT_FOR = 3;

function rankOf(preset: Preset, packageName: string): number {
  const packages = packagesOf(preset);
  if (packages.includes(packageName)) return 0;
  if (packages.includes('*')) return 2;
  return matchGlobs(packages)(packageName) ? 1 : NOT_FOR;
}
