import { kindOf, type Mismatch } from './mismatch.ts';

/** Places that differ between two runs of the original itself, with the kinds of what was seen there. */
export type Volatile = ReadonlyMap<string, ReadonlySet<string>>;

export const STEADY: Volatile = new Map();

/** Adds the places at which the original differs from itself. */
export function addVolatile(known: Volatile, mismatches: readonly Mismatch[]): Volatile {
  const all = new Map<string, Set<string>>([...known].map(([at, kinds]) => [at, new Set(kinds)]));
  for (const { at, expected, actual } of mismatches) {
    const kinds = all.get(at) ?? new Set();
    all.set(at, kinds.add(kindOf(expected)).add(kindOf(actual)));
  }
  return all;
}

/** True for a difference that the original has with itself; something of a kind never seen there is none. */
export function isExcused({ at, actual }: Mismatch, known: Volatile): boolean {
  return known.get(at)?.has(kindOf(actual)) ?? false;
}
