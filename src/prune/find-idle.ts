import type { Finding } from '../findings.ts';
import { matchGlobs } from '../presets/match-glob.ts';
import { packagesOf } from '../presets/presets-for.ts';
import type { Preset } from '../presets/schema.ts';
import { isSwitchedOn, type RuleSwitches } from '../presets/switches.ts';
import type { Entry } from '../types.ts';
import { findNearest } from '../util/nearest.ts';

/** What the user named and what came of it. A built-in rule that matches nothing in one install is normal. */
export interface Named {
  readonly presets: readonly Preset[];
  readonly switches: RuleSwitches;
  readonly keep: readonly string[];
  readonly entries: readonly Entry[];
  /** Ids of the rules that took something. */
  readonly acted: ReadonlySet<string>;
}

/** Tells of every rule, preset and keep glob that the user named and that did nothing, so that none rots unseen. */
export function findIdle({ presets, switches, keep, entries, acted }: Named): readonly Finding[] {
  const known = presets.flatMap(preset => [`${preset.name}/*`, ...idsOf(preset)]);
  const named = [...switches.disable, ...switches.enable];
  const unknown = named.filter(id => !known.includes(id));
  const own = presets
    .filter(preset => preset.user)
    .flatMap(preset =>
      preset.rules
        .filter(({ id, risk }) => isSwitchedOn(preset.name, id, risk, switches))
        .map(({ id }) => `${preset.name}/${id}`),
    );
  const enabled = switches.enable.filter(id => known.includes(id) && !switches.disable.includes(id));
  const idle = [...new Set([...own, ...enabled])].filter(id => !hasActed(id, acted));
  return [
    ...unknown.map(rule => ({
      code: 'RULE_UNKNOWN' as const,
      level: 'warning' as const,
      rule,
      nearest: findNearest(rule, known)[0] ?? null,
    })),
    ...idle.map(rule => ({
      code: 'RULE_MATCHED_NOTHING' as const,
      level: 'warning' as const,
      rule,
      package: presets
        .filter(({ name }) => rule.startsWith(`${name}/`))
        .flatMap(packagesOf)
        .join(', '),
    })),
    ...keep
      .filter(glob => !entries.some(({ path }) => matchGlobs([glob])(path)))
      .map(pattern => ({ code: 'KEEP_MATCHED_NOTHING' as const, level: 'warning' as const, pattern })),
  ];
}

function idsOf({ name, rules, platformPackages }: Preset): readonly string[] {
  const ids = [...rules.map(({ id }) => id), ...(platformPackages ? [platformPackages.id] : [])];
  return ids.map(id => `${name}/${id}`);
}

function hasActed(id: string, acted: ReadonlySet<string>): boolean {
  return id.endsWith('/*') ? [...acted].some(other => other.startsWith(id.slice(0, -1))) : acted.has(id);
}
