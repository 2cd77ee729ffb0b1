import { compareTexts, toLength } from './compare-texts.ts';
import { joinPlace, type Mismatch } from './mismatch.ts';
import { isList, isObject, type Value } from './parse-value.ts';

/** Every place where two values differ, in the order of the expected one. Numbers may differ by `tolerance`, unless both are whole. */
export function compareValues(
  expected: Value | undefined,
  actual: Value | undefined,
  tolerance: number,
  at = '',
): readonly Mismatch[] {
  if (isList(expected) && isList(actual)) return compareLists(expected, actual, tolerance, at);
  if (isObject(expected) && isObject(actual)) return compareObjects(expected, actual, tolerance, at);
  if (typeof expected === 'string' && typeof actual === 'string') return compareTexts(expected, actual, at);
  return areSame(expected, actual, tolerance) ? [] : [{ at, expected, actual }];
}

/** Lists of different lengths differ in their length, and in what both have. */
function compareLists(
  expected: readonly Value[],
  actual: readonly Value[],
  tolerance: number,
  at: string,
): readonly Mismatch[] {
  const common = Math.min(expected.length, actual.length);
  const items = expected
    .slice(0, common)
    .flatMap((item, index) => compareValues(item, actual[index], tolerance, joinPlace(at, index)));
  return expected.length === actual.length ? items : [toLength(at, expected, actual), ...items];
}

function compareObjects(
  expected: { readonly [key: string]: Value },
  actual: { readonly [key: string]: Value },
  tolerance: number,
  at: string,
): readonly Mismatch[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].flatMap(key =>
    compareValues(own(expected, key), own(actual, key), tolerance, joinPlace(at, key)),
  );
}

function own(value: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function areSame(a: Value | undefined, b: Value | undefined, tolerance: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  // Infinite numbers are equal or are not; and whole ones are counts, ids and times, which are not measured.
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  if (Number.isInteger(a) && Number.isInteger(b)) return false;
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}
