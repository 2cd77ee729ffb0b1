import { normalizeName } from '../python/names.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { InventoryPackage } from './types.ts';

/**
 * Says which packages bring a package, by name: of those that ask for it, directly or through others, the ones that nothing else
 * in the artifact asks for, which the function itself must have named. Empty where it is one of these.
 */
export function makeBringers(packages: readonly InventoryPackage[]): (name: string) => readonly string[] {
  const askedBy = new Map<string, Set<string>>();
  for (const { ecosystem, name, requires } of packages) {
    for (const required of requires.map(each => (ecosystem === 'pypi' ? normalizeName(each) : each)))
      if (required !== name) askedBy.set(required, (askedBy.get(required) ?? new Set()).add(name));
  }
  return name => {
    const seen = new Set([name]);
    for (const next of seen) for (const asker of askedBy.get(next) ?? []) seen.add(asker);
    seen.delete(name);
    return [...seen].filter(each => !askedBy.has(each)).sort(compareCodeUnits);
  };
}
