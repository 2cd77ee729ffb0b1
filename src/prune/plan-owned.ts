import type { Finding } from '../findings.ts';
import { isCovered } from '../presets/is-covered.ts';
import { insidePath, labelOf, type Owned } from '../presets/owners.ts';
import { type MissingTarget, type PackagePlan, planPackage } from '../presets/plan-package.ts';
import { isKind, presetsFor } from '../presets/presets-for.ts';
import type { Declared, Preset, PresetLibrary } from '../presets/schema.ts';
import type { RuleSwitches } from '../presets/switches.ts';
import type { Entry, PackageInstance, Platform, RuleRef } from '../types.ts';
import type { PinnedBy } from './pins.ts';

export interface PruneOptions extends RuleSwitches {
  readonly library: PresetLibrary;
  /** Globs over paths of the artifact; what they match stays, whatever a rule says. */
  readonly keep: readonly string[];
  /** What the config declares, for rules that ask for it. */
  readonly declared?: Declared;
  /** The same names as far as the code itself says them. */
  readonly named?: Declared;
  /** Packages that a layer brings. */
  readonly external?: readonly string[];
}

/** A file that a rule would have taken, and the keep glob that held it. */
export interface Spared {
  readonly path: string;
  readonly by: RuleRef;
}

/** What goes from one package of the tree, by path in the artifact. */
export interface OwnedPlan {
  readonly removed: ReadonlyMap<string, RuleRef>;
  readonly spared: readonly Spared[];
  readonly findings: readonly Finding[];
}

/** What a package's plan asks of the rest of the function. */
export interface Around {
  readonly platform: Platform;
  readonly pin: PinnedBy;
  /** Names of all packages that are there at run time. */
  readonly present: ReadonlySet<string>;
}

/** Plans one package; `drop` takes the whole of it, but for what is pinned. */
export function planOwned(
  { instance, entries }: Owned,
  drop: RuleRef | undefined,
  options: PruneOptions,
  { platform, pin, present }: Around,
): OwnedPlan {
  if (drop) {
    const going = entries.filter(entry => pin(entry) === null);
    return { removed: new Map(going.map(({ path }) => [path, drop])), spared: [], findings: [] };
  }
  const presets = presetsFor(options.library.presets, instance.ecosystem, instance.name);
  const files = entries.map(entry => ({
    path: insidePath(entry.path, instance),
    reached: entry.origin.kind === 'traced',
    pinnedBy: pin(entry),
  }));
  const { version } = instance;
  const { alwaysKeep } = options.library;
  const plan = planPackage(files, {
    ...{ version, presets, alwaysKeep, switches: options, platform, present },
    declared: options.declared ?? {},
  });
  return toOwnedPlan(plan, entries, instance, [
    ...plan.missing.slice(0, 1).map(missing => describeMissing(missing, instance, platform)),
    ...presets.flatMap(preset => describeUntested(preset, instance)),
  ]);
}

function toOwnedPlan(
  plan: PackagePlan,
  entries: readonly Entry[],
  instance: PackageInstance,
  findings: readonly Finding[],
): OwnedPlan {
  const removed = new Map<string, RuleRef>();
  const spared: Spared[] = [];
  for (const { path } of entries) {
    const inside = insidePath(path, instance);
    const rule = plan.removals.get(inside);
    const by = plan.spared.get(inside);
    if (rule) removed.set(path, rule);
    else if (by) spared.push({ path, by });
  }
  return { removed, spared, findings };
}

/** For any package a binary may be optional, with JavaScript to fall back to; where a preset knows the package, it is not. */
function describeMissing(
  { preset, found }: MissingTarget,
  instance: PackageInstance,
  platform: Platform,
): Finding {
  return {
    code: 'TARGET_BINARY_MISSING',
    level: isKind(preset) ? 'warning' : 'error',
    package: labelOf(instance),
    platform: `${platform.os}-${platform.arch}`,
    found,
  };
}

function describeUntested(preset: Preset, instance: PackageInstance): readonly Finding[] {
  if (isCovered(instance.version, preset.versions, preset.ecosystem)) return [];
  const { name, versions } = preset;
  return [
    { code: 'PRESET_VERSION_UNTESTED', level: 'info', preset: name, package: labelOf(instance), versions },
  ];
}
