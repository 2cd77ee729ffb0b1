import { SlimError } from '../errors.ts';
import { findNearest } from '../util/nearest.ts';
import { mergeConfig } from './merge-config.ts';
import type { LoadedConfig, UserConfig } from './types.ts';

/** The name of a function that has none. */
export const ONLY_FUNCTION = 'function';

/** One function that was asked for, with the config it came from. */
export interface Selected {
  readonly name: string;
  readonly config: UserConfig & { readonly entry: string };
  readonly from: LoadedConfig;
}

/** The functions of a config by name, each with what it shares with the others. */
export function listFunctions(from: LoadedConfig): readonly Selected[] {
  const { functions, out: _, ...shared } = from.config;
  if (!functions) {
    const { entry } = shared;
    return entry === undefined ? [] : [{ name: ONLY_FUNCTION, config: { ...shared, entry }, from }];
  }
  return Object.entries(functions).map(([name, own]) => ({
    name,
    config: { ...mergeConfig(shared, own), entry: own.entry },
    from,
  }));
}

/** Picks functions by name, first from the user's own, then from the bundled ones; throws `UNKNOWN_FUNCTION`. */
export function selectFunctions(
  names: readonly string[],
  own: readonly Selected[],
  bundled: readonly Selected[],
): readonly Selected[] {
  if (names.length === 0) return own;
  const all = [...own, ...bundled];
  return [...new Set(names)].map(name => {
    const found = all.find(candidate => candidate.name === name);
    if (found) return found;
    const known = [...new Set(all.map(candidate => candidate.name))];
    throw new SlimError('UNKNOWN_FUNCTION', [name, known, findNearest(name, known)[0] ?? null]);
  });
}
