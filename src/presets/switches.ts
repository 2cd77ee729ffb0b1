import type { PruneLevel } from '../types.ts';
import type { Rule } from './schema.ts';

/** Which rules run. Ids are `<preset>/<rule>`, or `<preset>/*` for all of a preset. */
export interface RuleSwitches {
  readonly level: PruneLevel;
  readonly disable: readonly string[];
  readonly enable: readonly string[];
}

/** True when a rule is switched on; switching off beats switching on. */
export function isSwitchedOn(
  preset: string,
  id: string,
  risk: Rule['risk'],
  switches: RuleSwitches,
): boolean {
  const names = [`${preset}/${id}`, `${preset}/*`];
  if (names.some(name => switches.disable.includes(name))) return false;
  return risk === 'safe' || switches.level === 'bold' || names.some(name => switches.enable.includes(name));
}
