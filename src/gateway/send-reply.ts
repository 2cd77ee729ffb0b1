import type { ServerResponse } from 'node:http';
import type { Head } from './prelude.ts';
import type { Reply } from './types.ts';

/** Sets status and headers; those of one name stay apart. */
export function setHead(res: ServerResponse, { status, headers }: Head): void {
  res.statusCode = status;
  for (const [name, value] of headers) res.appendHeader(name, value);
}

/** Sends a reply whole, with its true length; HEAD gets no body, nor do the statuses that have none. */
export function sendReply(
  res: ServerResponse,
  method: string | undefined,
  { status, headers, body }: Reply,
): void {
  const hasBody = status !== 204 && status !== 304;
  setHead(res, { status, headers: headers.filter(([name]) => name.toLowerCase() !== 'content-length') });
  if (hasBody) res.setHeader('content-length', body.length);
  res.end(hasBody && method !== 'HEAD' ? body : undefined);
}
