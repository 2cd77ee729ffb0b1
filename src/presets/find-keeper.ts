import type { RuleRef } from '../types.ts';
import { expandGlob, type PlatformWords, variablesOf } from './expand-glob.ts';
import { matchGlobs } from './match-glob.ts';
import type { KeepRule, Preset } from './schema.ts';

export interface KeepSources {
  readonly presets: readonly Preset[];
  readonly alwaysKeep: readonly KeepRule[];
  readonly platform: PlatformWords;
}

/** Makes the question "which keep glob wants this path?"; null when none does. */
export function findKeeper(sources: KeepSources): (path: string) => RuleRef | null {
  const keepers = [
    ...sources.alwaysKeep.map(keep => toKeeper('always-keep', keep, keep.glob)),
    ...sources.presets.flatMap(preset => {
      const variables = variablesOf(sources.platform, preset.variables);
      return preset.keep.map(keep => toKeeper(preset.name, keep, expandGlob(keep.glob, variables)));
    }),
  ];
  return memoize(path => keepers.find(({ match }) => match(path))?.ref ?? null);
}

function toKeeper(name: string, { glob, why }: KeepRule, expanded: string) {
  return { match: matchGlobs([expanded]), ref: { id: `${name}/keep ${glob}`, why } };
}

function memoize<T>(compute: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return path => {
    if (!known.has(path)) known.set(path, compute(path));
    return known.get(path) as T;
  };
}
