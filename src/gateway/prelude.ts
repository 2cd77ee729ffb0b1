import { checkHeader, checkHeaders, checkStatus, Malformed } from './check-answer.ts';
import { dropHopByHop, findHeader } from './headers.ts';
import { isRecord } from './is-record.ts';
import type { Header } from './types.ts';

/** The content type of a stream that begins with a prelude: JSON with status, headers and cookies, then eight NUL bytes. */
export const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';

const END = Buffer.alloc(8);

export interface Head {
  readonly status: number;
  readonly headers: readonly Header[];
}

/** The prelude's text and what follows it; null while its end has not come. */
export function splitPrelude(
  bytes: Uint8Array,
): { readonly prelude: string; readonly rest: Uint8Array } | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.indexOf(END);
  return at < 0 ? null : { prelude: buffer.toString('utf8', 0, at), rest: buffer.subarray(at + END.length) };
}

/** Status and headers that a prelude asks for; a stream's length is not known before its end. Throws `Malformed`. */
export function parsePrelude(text: string): Head {
  const value: unknown = parseJson(text);
  if (!isRecord(value)) throw new Malformed('the prelude of the stream is no object');
  const cookies = Array.isArray(value.cookies) ? value.cookies : [];
  const headers = dropHopByHop([
    ...checkHeaders(value.headers, 'headers', ['string', 'number', 'boolean']),
    ...cookies.map(cookie => checkHeader('set-cookie', String(cookie))),
  ]).filter(([name]) => name.toLowerCase() !== 'content-length');
  const type: readonly Header[] =
    findHeader(headers, 'content-type') === undefined ? [['content-type', 'application/octet-stream']] : [];
  return { status: checkStatus(value.statusCode ?? 200), headers: [...type, ...headers] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Malformed('the prelude of the stream is no JSON');
  }
}
