import type { RuleRef } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import { type Budget, findMinimal, type Minimal } from './find-minimal.ts';

/** A file that the slim function lacks or has changed, and the rule that did it. */
export interface Suspect {
  /** In the artifact. */
  readonly path: string;
  readonly kind: 'removed' | 'changed';
  readonly rule: RuleRef;
}

/**
 * The smallest set of suspects whose return passes `mends`: searched over rules first, then over the files of the guilty ones. All of
 * `suspects` are known to pass, and none of them to fail.
 */
export async function findGuilty(
  suspects: readonly Suspect[],
  mends: (suspects: readonly Suspect[]) => Promise<boolean>,
  budget: Budget,
): Promise<Minimal<Suspect>> {
  const rules = await findMinimal(groupByRule(suspects), part => mends(part.flat()), budget);
  const left = rules.items.flat();
  return rules.isMinimal ? findMinimal(left, mends, budget) : { items: left, isMinimal: false };
}

/** Files of a folder stand together, since what is needed lies together most often. */
function groupByRule(suspects: readonly Suspect[]): readonly (readonly Suspect[])[] {
  const groups = new Map<string, Suspect[]>();
  for (const suspect of [...suspects].sort((a, b) => compareCodeUnits(a.path, b.path))) {
    const group = groups.get(suspect.rule.id);
    if (group) group.push(suspect);
    else groups.set(suspect.rule.id, [suspect]);
  }
  return [...groups.values()];
}
