import type { Finding } from '../findings.ts';
import { captureVariables } from '../presets/match-glob.ts';
import { insidePath, type Owned } from '../presets/owners.ts';
import { presetsFor } from '../presets/presets-for.ts';
import type { Rule } from '../presets/schema.ts';
import { sumBytes } from '../util/entry-bytes.ts';
import { findNearest } from '../util/nearest.ts';
import { type Around, type OwnedPlan, type PruneOptions, planOwned } from './plan-owned.ts';

/**
 * Where the config does not say which services of AWS the function calls, and the code does: what it would save to declare those.
 * Where it does say, of services that there are not, since a misspelt one would be missed at run time only.
 */
export function findUndeclared(
  owned: readonly Owned[],
  plans: readonly OwnedPlan[],
  options: PruneOptions,
  around: Around,
): readonly Finding[] {
  const asking = owned.flatMap((group, index) => {
    const rules = rulesOf(group, options);
    return rules.length > 0 ? [{ group, rules, plan: plans[index] }] : [];
  });
  if (asking.length === 0) return [];
  const { declared, named } = options;
  if (declared?.awsServices) {
    const known = asking.flatMap(({ group, rules }) => rules.flatMap(rule => namesIn(group, rule)));
    return findUnknown(declared.awsServices, known);
  }
  if (!named?.awsServices) return [];
  const bytes = asking.reduce((sum, { group, plan }) => {
    const trial = planOwned(group, undefined, { ...options, declared: named }, around);
    const more = group.entries.filter(({ path }) => trial.removed.has(path) && !plan?.removed.has(path));
    return sum + sumBytes(more);
  }, 0);
  if (bytes === 0) return [];
  return [{ code: 'AWS_SERVICES_UNDECLARED', level: 'info', services: named.awsServices, bytes }];
}

function rulesOf({ instance }: Owned, { library }: PruneOptions): readonly Rule[] {
  const presets = presetsFor(library.presets, instance.ecosystem, instance.name);
  return presets.flatMap(({ rules }) => rules.filter(({ declared }) => declared !== undefined));
}

/** The names that a package has folders for. */
function namesIn({ instance, entries }: Owned, { except }: Rule): readonly string[] {
  const paths = entries.map(({ path }) => insidePath(path, instance));
  return (except ?? []).flatMap(glob => captureVariables(glob, paths));
}

function findUnknown(services: readonly string[], known: readonly string[]): readonly Finding[] {
  const unknown = services.filter(name => !known.includes(name));
  return unknown.map(service => ({
    code: 'AWS_SERVICE_UNKNOWN',
    level: 'warning',
    service,
    nearest: findNearest(service, known)[0] ?? null,
  }));
}
