import { checkBody, checkHeaders, checkStatus, Malformed } from './check-answer.ts';
import { dropHopByHop, findHeader } from './headers.ts';
import { isRecord } from './is-record.ts';
import { hasMediaType } from './media-types.ts';
import type { Header, Json, Reply } from './types.ts';

const KEYS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];
const TYPES = ['string', 'boolean'];

/**
 * The reply to an answer in payload format 1.0, JSON text, as a REST API has it: no key is needed, none but these is
 * allowed. `accept` is the request's header, which decides on binary bodies. Throws `Malformed`.
 */
export function fromV1Answer(
  text: string,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): Reply {
  const answer: unknown = JSON.parse(text);
  if (!isRecord(answer)) throw new Malformed('it has to be an object with statusCode, headers and body');
  const unknown = Object.keys(answer).filter(key => !KEYS.includes(key));
  if (unknown.length > 0) {
    throw new Malformed(
      `a REST API allows the keys ${KEYS.join(', ')} and none else, but there is ${unknown.join(', ')}`,
    );
  }
  const status =
    answer.statusCode === undefined || answer.statusCode === null ? 200 : checkStatus(answer.statusCode);
  const headers = dropHopByHop(mergeHeaders(answer));
  const type: readonly Header[] =
    findHeader(headers, 'content-type') === undefined ? [['Content-Type', 'application/json']] : [];
  return { status, headers: [...type, ...headers], body: toBody(answer, accept, binaryMediaTypes) };
}

/** A header that is in both comes from `multiValueHeaders`. */
function mergeHeaders(answer: Json): readonly Header[] {
  const multi = checkHeaders(answer.multiValueHeaders, 'multiValueHeaders', TYPES);
  const names = new Set(multi.map(([name]) => name.toLowerCase()));
  const single = checkHeaders(answer.headers, 'headers', TYPES).filter(
    ([name]) => !names.has(name.toLowerCase()),
  );
  return [...single, ...multi];
}

/** Base64 is decoded where the first type that the client accepts is a binary one; else it goes out as it is. */
function toBody(
  { body, isBase64Encoded }: Json,
  accept: string | undefined,
  binary: readonly string[],
): Uint8Array {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body !== 'string') throw new Malformed('body has to be a string');
  const [first = ''] = (accept ?? '').split(',');
  const decodes = isBase64Encoded === true && (binary.includes('*/*') || hasMediaType(binary, first));
  return checkBody(body, decodes);
}
