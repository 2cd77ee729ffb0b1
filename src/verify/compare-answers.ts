import { isUtf8 } from 'node:buffer';
import type { FunctionError, Outcome } from '../lambda/types.ts';
import type { VerifyOptions } from '../types.ts';
import { compareTexts } from './compare-texts.ts';
import { compareValues } from './compare-values.ts';
import { joinPlace, type Mismatch, splitPlace } from './mismatch.ts';
import type { Value } from './parse-value.ts';
import { type Answer, type HttpAnswer, parseBytes, readAnswer } from './read-answer.ts';

export type CompareOptions = Pick<VerifyOptions, 'tolerance' | 'headers' | 'ignore'>;

/** Every place where two outcomes differ, but for those that may. */
export function compareAnswers(
  expected: Outcome,
  actual: Outcome,
  options: CompareOptions,
): readonly Mismatch[] {
  const found = compare(readAnswer(expected), readAnswer(actual), options);
  return found.filter(({ at }) => !options.ignore.some(pattern => isBelow(at, pattern)));
}

/** True for a place that a pattern names, or one below it; `*` is any one key or index. */
export function isBelow(at: string, pattern: string): boolean {
  const keys = splitPlace(at);
  return splitPlace(pattern).every(
    (part, index) => part === keys[index] || (part === '*' && index < keys.length),
  );
}

function compare(expected: Answer, actual: Answer, options: CompareOptions): readonly Mismatch[] {
  if (expected.kind === 'error' && actual.kind === 'error')
    return compareErrors(expected.error, actual.error);
  if (expected.kind === 'http' && actual.kind === 'http') return compareHttp(expected, actual, options);
  if (expected.kind === 'value' && actual.kind === 'value')
    return compareValues(expected.value, actual.value, options.tolerance);
  if (expected.kind === 'bytes' && actual.kind === 'bytes') {
    return [
      ...compareValues(expected.contentType, actual.contentType, 0, 'contentType'),
      ...compareBodies(expected.bytes, actual.bytes, options, ''),
      ...compareErrors(expected.error, actual.error),
    ];
  }
  return [{ at: '', expected: describe(expected), actual: describe(actual) }];
}

function compareHttp(expected: HttpAnswer, actual: HttpAnswer, options: CompareOptions): readonly Mismatch[] {
  const headers = options.headers.flatMap(name =>
    compareValues(expected.headers.get(name), actual.headers.get(name), 0, joinPlace('headers', name)),
  );
  const cookies = options.headers.includes('set-cookie')
    ? compareValues(expected.cookies, actual.cookies, 0, 'cookies')
    : [];
  return [
    ...compareValues(expected.statusCode, actual.statusCode, 0, 'statusCode'),
    ...headers,
    ...cookies,
    ...compareValues(expected.isBase64, actual.isBase64, 0, 'isBase64Encoded'),
    ...compareBodies(expected.body, actual.body, options, 'body'),
    ...compareValues(expected.rest, actual.rest, options.tolerance),
    ...compareErrors(expected.error, actual.error),
  ];
}

/** JSON where both are, else text, else bytes. */
function compareBodies(
  expected: Uint8Array,
  actual: Uint8Array,
  { tolerance }: CompareOptions,
  at: string,
): readonly Mismatch[] {
  if (Buffer.compare(expected, actual) === 0) return [];
  const [a, b] = [parseBytes(expected), parseBytes(actual)];
  if (a !== undefined && b !== undefined) return compareValues(a, b, tolerance, at);
  if (!isUtf8(expected) || !isUtf8(actual)) return [{ at, expected, actual }];
  return compareTexts(toText(expected), toText(actual), at);
}

function compareErrors(expected: FunctionError | null, actual: FunctionError | null): readonly Mismatch[] {
  return [
    ...compareValues(expected?.errorType, actual?.errorType, 0, 'errorType'),
    ...compareValues(messageOf(expected), messageOf(actual), 0, 'errorMessage'),
  ];
}

/** Lambda's own messages begin with the id of the request, which is another one each time. */
function messageOf(error: FunctionError | null): string | undefined {
  return error?.errorMessage.replace(/RequestId: [0-9a-f-]{36}/g, 'RequestId: …');
}

/** Answers of two kinds, one of which has no statusCode, or is no JSON, or is no answer. */
function describe(answer: Answer): Value | Uint8Array {
  switch (answer.kind) {
    case 'error':
      return { errorType: answer.error.errorType, errorMessage: answer.error.errorMessage };
    case 'http':
      return { statusCode: answer.statusCode ?? null, body: `${answer.body.length} bytes` };
    case 'bytes':
      return answer.bytes;
    case 'value':
      return answer.value;
    default:
      return answer satisfies never;
  }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
