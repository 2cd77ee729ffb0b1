import type { Finding } from '../findings.ts';
import { groupByOwner, labelOf, type Owned } from '../presets/owners.ts';
import type { Entry, PackageInstance, Platform, Removal, RuleRef, Tree } from '../types.ts';
import { bytesOf } from '../util/entry-bytes.ts';
import { compareCodeUnits } from '../util/path.ts';
import { dropLinks } from './drop-links.ts';
import { dropPackages } from './drop-packages.ts';
import { findIdle } from './find-idle.ts';
import { findUndeclared } from './find-undeclared.ts';
import { pinnedBy } from './pins.ts';
import { type Around, type PruneOptions, planOwned, type Spared } from './plan-owned.ts';

export type { PruneOptions, Spared } from './plan-owned.ts';

export interface Pruned {
  readonly tree: Tree;
  readonly findings: readonly Finding[];
  readonly spared: readonly Spared[];
}

/** Decides by presets what goes from the tree. Pure: it reads no file, and each removal carries the rule that took it. */
export function prune(tree: Tree, options: PruneOptions, platform: Platform): Pruned {
  const { presets } = options.library;
  const around: Around = {
    platform,
    pin: pinnedBy(options.keep),
    present: new Set([...tree.packages.map(({ name }) => name), ...(options.external ?? [])]),
  };
  const dropped = dropPackages(tree.packages, presets, options, platform);
  const owned = groupByOwner(tree.entries, tree.packages);
  const plans = owned.map(group => planOwned(group, dropped.rules.get(group.instance), options, around));
  const taken = dropLinks(tree.entries, new Map(plans.flatMap(plan => [...plan.removed])));
  const acted = new Set([...taken.values()].map(({ id }) => id));
  return {
    tree: toTree(tree, taken, owned, dropped.rules),
    findings: dedupe([
      ...dropped.findings,
      ...plans.flatMap(plan => plan.findings),
      ...findUndeclared(owned, plans, options, around),
      ...findIdle({ presets, switches: options, keep: options.keep, entries: tree.entries, acted }),
    ]),
    spared: plans.flatMap(plan => plan.spared).sort((a, b) => compareCodeUnits(a.path, b.path)),
  };
}

function toTree(
  tree: Tree,
  taken: ReadonlyMap<string, RuleRef>,
  owned: readonly Owned[],
  dropped: ReadonlyMap<PackageInstance, RuleRef>,
): Tree {
  const owners = new Map(
    owned.flatMap(({ instance, entries }) => entries.map(({ path }) => [path, instance] as const)),
  );
  const removals = tree.entries.flatMap(entry => {
    const rule = taken.get(entry.path);
    return rule ? [toRemoval(entry, rule, owners.get(entry.path))] : [];
  });
  return {
    entries: tree.entries.filter(({ path }) => !taken.has(path)),
    packages: tree.packages.filter(instance => !dropped.has(instance)),
    removals: [...tree.removals, ...removals].sort((a, b) => compareCodeUnits(a.path, b.path)),
  };
}

function toRemoval(entry: Entry, rule: RuleRef, owner: PackageInstance | undefined): Removal {
  const bytes = bytesOf(entry);
  const parents = 'parents' in entry.origin ? { parents: entry.origin.parents } : {};
  return { path: entry.path, bytes, rule, ...(owner ? { package: labelOf(owner) } : {}), ...parents };
}

/** One package may lie in the tree twice, and several rules may hold back for one reason. */
function dedupe(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map(finding => [JSON.stringify(finding), finding])).values()];
}
