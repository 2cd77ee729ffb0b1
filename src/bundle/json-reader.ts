import { SlimError } from '../errors.ts';

/** Tells what is wrong with JSON that came from elsewhere; throws `BUNDLE_INVALID`. */
export interface JsonReader {
  fail(reason: string): never;
  /** An object with these keys and no others. */
  object<K extends string>(value: unknown, what: string, keys: readonly K[]): Readonly<Record<K, unknown>>;
  list(value: unknown, what: string, most: number): readonly unknown[];
  text(value: unknown, what: string): string;
  /** A whole number within bounds. */
  whole(value: unknown, what: string, least: number, most: number): number;
  /** A SHA-256 in hex. */
  sha256(value: unknown, what: string): string;
  /** The name of a function. */
  name(value: unknown): string;
}

/** Reads the JSON of a bundle's file; `where` is for messages. */
export function readJson(
  json: Uint8Array,
  where: string,
): { readonly value: unknown; readonly reader: JsonReader } {
  const reader = makeReader(where);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json);
    return { value: JSON.parse(text), reader };
  } catch {
    return reader.fail('it is not JSON');
  }
}

function makeReader(where: string): JsonReader {
  const fail = (reason: string): never => {
    throw new SlimError('BUNDLE_INVALID', [where, reason]);
  };
  const text = (value: unknown, what: string): string =>
    typeof value === 'string' ? value : fail(`${what} is no text`);
  const matching = (value: unknown, what: string, pattern: RegExp): string =>
    pattern.test(text(value, what)) ? (value as string) : fail(`${what} is not one`);
  return {
    fail,
    text,
    object: (value, what, keys) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return fail(`${what} is no object`);
      const odd = Object.keys(value).find(key => !(keys as readonly string[]).includes(key));
      if (odd !== undefined)
        return fail(`${what} has the key ${JSON.stringify(odd.slice(0, 100))}, which is not known`);
      return value as Readonly<Record<(typeof keys)[number], unknown>>;
    },
    list: (value, what, most) => {
      if (!Array.isArray(value)) return fail(`${what} are no list`);
      return value.length > most ? fail(`it has ${value.length} ${what}, more than ${most}`) : value;
    },
    whole: (value, what, least, most) =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
        ? (value as number)
        : fail(`${what} is no whole number from ${least} to ${most}`),
    sha256: (value, what) => matching(value, what, /^[0-9a-f]{64}$/),
    name: value => matching(value, 'the name', /^[A-Za-z0-9_][A-Za-z0-9._-]{0,139}$/),
  };
}
