/** JSON as it is compared: whole numbers that a double cannot hold are bigints, and Python's `NaN` and `Infinity` are numbers. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Begins a string that stands for a number; no answer begins with it by chance. */
const MARK = '\u0000lambda-slim number ';

// A string, or a number, or a word that Python's json writes for numbers that JSON does not have.
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN/g;

const WORDS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** Reads JSON without rounding whole numbers; undefined where it is none. */
export function parseValue(text: string): Value | undefined {
  try {
    return JSON.parse(text.replace(TOKENS, markNumber), (_key, value: unknown) =>
      typeof value === 'string' && value.startsWith(MARK) ? toNumber(value.slice(MARK.length)) : value,
    ) as Value;
  } catch {
    return undefined;
  }
}

function markNumber(token: string): string {
  const isExact = token.startsWith('"') || (!(token in WORDS) && !isHuge(token));
  return isExact ? token : JSON.stringify(MARK + token);
}

function isHuge(token: string): boolean {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
}

function toNumber(token: string): number | bigint {
  return WORDS[token] ?? BigInt(token);
}

/** JSON text of a value for people, of the same form on every host. */
export function formatValue(value: Value): string {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(formatValue).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${formatValue(item)}`)
    .join(',')}}`;
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !isList(value);
}
