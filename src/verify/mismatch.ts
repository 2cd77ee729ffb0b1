import type { Difference } from '../findings.ts';
import { formatValue, isList, type Value } from './parse-value.ts';

/** Where two answers differ, with what is there; undefined where one has nothing. */
export interface Mismatch {
  /** Keys and indexes, joined by dots; empty for the whole answer. A dot in a key is `\.`. */
  readonly at: string;
  readonly expected: Value | Uint8Array | undefined;
  readonly actual: Value | Uint8Array | undefined;
  /** For a line or a word: the text that it is a piece of. */
  readonly whole?: Mismatch;
}

/** Characters of a value that are shown. */
const SHOWN = 120;

/** Characters shown before the place where two texts part. */
const LEAD = 20;

/** What a person sees of a mismatch: both values, cut around the place where they part. */
export function toDifference({ at, expected, actual }: Mismatch): Difference {
  if (expected instanceof Uint8Array && actual instanceof Uint8Array) {
    const where = firstDifference(expected, actual);
    return { at, expected: showBytes(expected, where), actual: showBytes(actual, where) };
  }
  const [a, b] = [show(expected), show(actual)];
  const start = a.length <= SHOWN && b.length <= SHOWN ? 0 : Math.max(0, firstDifference(a, b) - LEAD);
  return { at, expected: cut(a, start), actual: cut(b, start) };
}

/** The kind of what is there, coarse enough that two times are of one kind, and a time and nothing are not. */
export function kindOf(value: Mismatch['expected']): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return 'bytes';
  if (isList(value)) return value.length === 0 ? 'empty list' : 'list';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

export function joinPlace(at: string, key: string | number): string {
  const part = String(key).replace(/[.\\]/g, '\\$&');
  return at === '' ? part : `${at}.${part}`;
}

/** The parts of a place or of a pattern for places, as they are written in it. */
export function splitPlace(at: string): readonly string[] {
  return at.replace(/(\\.)|\./g, (_dot, escaped) => escaped ?? '\0').split('\0');
}

function show(value: Mismatch['expected']): string {
  if (value === undefined) return 'nothing';
  return value instanceof Uint8Array ? `${value.length} bytes` : formatValue(value);
}

function cut(text: string, start: number): string {
  const end = start + SHOWN;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
}

function showBytes(bytes: Uint8Array, where: number): string {
  const shown = Buffer.from(bytes.subarray(where, where + 8)).toString('hex');
  return `${bytes.length} bytes, at ${where}: ${shown || 'the end'}`;
}

function firstDifference(a: ArrayLike<unknown>, b: ArrayLike<unknown>): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}
