import { kindOf, type Mismatch, splitPlace } from './mismatch.ts';

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
export function isExcused(mismatch: Mismatch, known: Volatile): boolean {
  return (
    wasSeen(mismatch, known) ||
    (mismatch.whole ? wasSeen(mismatch.whole, known) : isRandomKey(mismatch, known))
  );
}

function wasSeen({ at, actual }: Mismatch, known: Volatile): boolean {
  return known.get(at)?.has(kindOf(actual)) ?? false;
}

/** True for one more key with digits in an object in which the original has other such keys each time, as for ids. */
function isRandomKey({ at, expected, actual }: Mismatch, known: Volatile): boolean {
  const [parent, key] = cutKey(at);
  if (expected !== undefined || !/\d/.test(key)) return false;
  return [...known].some(([place, kinds]) => {
    const [folder, name] = cutKey(place);
    return folder === parent && /\d/.test(name) && kinds.has('missing') && kinds.has(kindOf(actual));
  });
}

function cutKey(at: string): readonly [parent: string, key: string] {
  const parts = splitPlace(at);
  return [parts.slice(0, -1).join('.'), parts.at(-1) as string];
}
