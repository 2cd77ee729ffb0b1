import { checkBody, checkHeader, checkHeaders, checkStatus, Malformed } from './check-answer.ts';
import { dropHopByHop, findHeader } from './headers.ts';
import { isRecord } from './is-record.ts';
import type { Api, Header, Json, Reply } from './types.ts';

const TYPES = ['string', 'number', 'boolean'];
const DEFAULT_TYPE = { http: 'text/plain;charset=UTF-8', url: 'application/json' };

/**
 * The reply to an answer in payload format 2.0, JSON text. Without `statusCode` the whole of it is the body, with status
 * 200; a string then comes without its quotes. Throws `Malformed`.
 */
export function fromV2Answer(text: string, api: Exclude<Api, 'rest'>): Reply {
  const answer: unknown = JSON.parse(text);
  if (!isRecord(answer) || !('statusCode' in answer)) return inferReply(answer, text);
  const status = checkStatus(answer.statusCode);
  const headers = dropHopByHop([
    ...checkHeaders(answer.headers, 'headers', TYPES),
    ...toCookies(answer.cookies),
  ]);
  const type: readonly Header[] =
    findHeader(headers, 'content-type') === undefined ? [['content-type', DEFAULT_TYPE[api]]] : [];
  return { status, headers: [...type, ...headers], body: toBody(answer, api) };
}

/** Recorded from function URLs: white space between the tokens of JSON goes. */
function inferReply(answer: unknown, text: string): Reply {
  const body = typeof answer === 'string' ? answer : text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
  return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(body, 'utf8') };
}

function toCookies(value: unknown): readonly Header[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some(cookie => typeof cookie !== 'string')) {
    throw new Malformed('cookies has to be a list of strings');
  }
  return value.map(cookie => checkHeader('set-cookie', cookie));
}

/** A function URL also takes a body that is no string, and sends it as JSON. */
function toBody({ body, isBase64Encoded }: Json, api: Exclude<Api, 'rest'>): Uint8Array {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return checkBody(body, isBase64Encoded === true);
  if (api === 'url') return Buffer.from(JSON.stringify(body), 'utf8');
  throw new Malformed('body has to be a string');
}
