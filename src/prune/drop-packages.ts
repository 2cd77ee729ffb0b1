import type { Finding } from '../findings.ts';
import { expandGlob, variablesOf } from '../presets/expand-glob.ts';
import { isCovered } from '../presets/is-covered.ts';
import { matchGlobs } from '../presets/match-glob.ts';
import { labelOf } from '../presets/owners.ts';
import { packagesOf } from '../presets/presets-for.ts';
import type { PlatformPackages, Preset } from '../presets/schema.ts';
import { isSwitchedOn, type RuleSwitches } from '../presets/switches.ts';
import type { PackageInstance, Platform, RuleRef } from '../types.ts';

export interface DroppedPackages {
  /** The rule that takes a whole package. */
  readonly rules: ReadonlyMap<PackageInstance, RuleRef>;
  readonly findings: readonly Finding[];
}

/**
 * Finds the packages that carry a binary for another platform only. They go whole, licence and package.json too:
 * nothing of them can run, so nothing of them is passed on.
 */
export function dropPackages(
  packages: readonly PackageInstance[],
  presets: readonly Preset[],
  switches: RuleSwitches,
  platform: Platform,
): DroppedPackages {
  const rules = new Map<PackageInstance, RuleRef>();
  const findings: Finding[] = [];
  for (const preset of presets) {
    const family = preset.platformPackages;
    if (!family || !isSwitchedOn(preset.name, family.id, 'safe', switches)) continue;
    const inTree = packages.filter(({ ecosystem }) => ecosystem === preset.ecosystem);
    const owners = inTree.filter(({ name }) => packagesOf(preset).includes(name));
    if (owners.some(({ version }) => !isCovered(version, preset.versions, preset.ecosystem))) continue;
    const members = inTree.filter(({ name }) => matchGlobs(family.family)(name));
    const verdict = judge(family, members, preset, platform);
    const ref = { id: `${preset.name}/${family.id}`, why: family.why };
    for (const instance of verdict.useless) rules.set(instance, ref);
    const first = owners[0] ?? members[0];
    if (verdict.isMissing && first) findings.push(toFinding(first, members, platform));
  }
  return { rules, findings };
}

function judge(
  family: PlatformPackages,
  members: readonly PackageInstance[],
  preset: Preset,
  platform: Platform,
): { readonly isMissing: boolean; readonly useless: readonly PackageInstance[] } {
  const variables = variablesOf(platform, preset.variables);
  const targets = family.target.map(name => expandGlob(name, variables));
  const has = (name: string | undefined): boolean => members.some(member => member.name === name);
  const fits = has(targets[0]);
  const stands = !fits && family.fallback.some(has);
  const needed = stands ? [...targets, ...family.fallback] : targets;
  const useless = members.filter(({ name }) => !needed.includes(name));
  return { isMissing: !fits && !stands, useless: fits || stands ? useless : [] };
}

function toFinding(owner: PackageInstance, members: readonly PackageInstance[], platform: Platform): Finding {
  return {
    code: 'TARGET_BINARY_MISSING',
    level: 'error',
    package: labelOf(owner),
    platform: `${platform.os}-${platform.arch}`,
    found: [...new Set(members.map(({ name }) => name))].sort(),
  };
}
