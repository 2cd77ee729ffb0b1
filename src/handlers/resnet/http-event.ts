import { isRecord } from './is-record.ts';
import { refuse } from './refusal.ts';

/** What matters of an HTTP request, whichever gateway it came through. Header names are in lower case. */
export interface HttpRequest {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** False when the gateway handed the body over as text, which ruins binary bodies. */
  readonly isBinarySafe: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** True for events of API Gateway (REST and HTTP APIs) and of function URLs; all else is a plain invocation. */
export function isHttpEvent(event: unknown): event is Json {
  return isRecord(event) && methodOf(event) !== null;
}

/**
 * Reads an API Gateway REST event (v1), or an HTTP API or function URL event (v2).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function parseHttpEvent(event: Json): HttpRequest {
  const isBase64 = event.isBase64Encoded === true;
  return {
    method: (methodOf(event) ?? '').toUpperCase(),
    query: strings(event.queryStringParameters),
    headers: lowerCaseKeys(strings(event.headers)),
    body: decodeBody(event.body, isBase64),
    isBinarySafe: isBase64,
  };
}

function methodOf(event: Json): string | null {
  if (typeof event.httpMethod === 'string') return event.httpMethod;
  const context = event.requestContext;
  const http = isRecord(context) ? context.http : undefined;
  return isRecord(http) && typeof http.method === 'string' ? http.method : null;
}

function decodeBody(body: unknown, isBase64: boolean): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body !== 'string') throw refuse('NO_INPUT', 'The body of the event is not a string.');
  return Buffer.from(body, isBase64 ? 'base64' : 'utf8');
}

/** REST events have null where there is nothing. */
function strings(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function lowerCaseKeys(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
