import type { FunctionError, Outcome } from '../lambda/types.ts';
import { isList, isObject, parseValue, type Value } from './parse-value.ts';

/** An answer for HTTP, from API Gateway's form or from a stream. */
export interface HttpAnswer {
  readonly kind: 'http';
  readonly statusCode: Value | undefined;
  /** By name in lower case; several values in one text. */
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: Value | undefined;
  readonly body: Uint8Array;
  readonly isBase64: boolean;
  /** What HTTP has no place for: a body that is no text, and other keys, which a caller that is no HTTP server reads. */
  readonly rest: { readonly [key: string]: Value };
  /** Set where a stream broke off. */
  readonly error: FunctionError | null;
}

/** An outcome, read as what it means. */
export type Answer =
  | HttpAnswer
  | { readonly kind: 'value'; readonly value: Value }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly contentType: string;
      readonly error: FunctionError | null;
    }
  | { readonly kind: 'error'; readonly error: FunctionError };

/** What a function that streams an answer for HTTP says its content is. */
const INTEGRATION = 'application/vnd.awslambda.http-integration-response';

/** Between the prelude of such a stream and its body. */
const SEPARATOR = Buffer.alloc(8);

/** Reads what an outcome means: an answer for HTTP, JSON, bytes, or an error. */
export function readAnswer(outcome: Outcome): Answer {
  if (outcome.kind === 'error') return outcome;
  const { body, contentType } = outcome;
  const error = outcome.kind === 'stream' ? outcome.error : null;
  if (contentType.startsWith(INTEGRATION)) {
    const http = readStream(body, error);
    if (http) return http;
  }
  const value = outcome.kind === 'answer' ? parseBytes(body) : undefined;
  if (value === undefined) return { kind: 'bytes', bytes: body, contentType, error };
  return isHttp(value) ? readHttp(value) : { kind: 'value', value };
}

/** JSON in bytes; undefined where they hold none. */
export function parseBytes(bytes: Uint8Array): Value | undefined {
  return parseValue(Buffer.from(bytes).toString('utf8'));
}

function isHttp(value: Value): value is { readonly [key: string]: Value } {
  return isObject(value) && typeof value.statusCode === 'number';
}

function readHttp(value: { readonly [key: string]: Value }): HttpAnswer {
  const isBase64 = value.isBase64Encoded === true;
  const text = typeof value.body === 'string' ? value.body : '';
  return {
    kind: 'http',
    statusCode: value.statusCode,
    headers: new Map([...readHeaders(value.headers), ...readHeaders(value.multiValueHeaders)]),
    cookies: value.cookies,
    body: Buffer.from(text, isBase64 ? 'base64' : 'utf8'),
    isBase64,
    rest: Object.fromEntries(Object.entries(value).filter(([key, item]) => !isPartOfHttp(key, item))),
    error: null,
  };
}

const PARTS: ReadonlySet<string> = new Set([
  'statusCode',
  'statusDescription',
  'headers',
  'multiValueHeaders',
  'cookies',
  'isBase64Encoded',
]);

function isPartOfHttp(key: string, value: Value): boolean {
  return key === 'body' ? typeof value === 'string' || value === null : PARTS.has(key);
}

function readStream(body: Uint8Array, error: FunctionError | null): HttpAnswer | null {
  const at = Buffer.from(body).indexOf(SEPARATOR);
  const prelude = at < 0 ? undefined : parseBytes(body.subarray(0, at));
  if (!isObject(prelude)) return null;
  return {
    kind: 'http',
    statusCode: prelude.statusCode ?? 200,
    headers: readHeaders(prelude.headers),
    cookies: prelude.cookies,
    body: body.subarray(at + SEPARATOR.length),
    isBase64: false,
    rest: {},
    error,
  };
}

function readHeaders(headers: Value | undefined): ReadonlyMap<string, string> {
  if (!isObject(headers)) return new Map();
  return new Map(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      isList(value) ? value.map(String).join(', ') : String(value),
    ]),
  );
}
