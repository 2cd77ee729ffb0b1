import type { IncomingMessage } from 'node:http';

/** `too-large` has been read to its end, so that the client hears the answer; `broken` ended before its end. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'broken' };

/** Reads the body of a request and keeps at most `maxBytes` of it. */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  onChunk?: (chunk: Buffer) => void,
): Promise<Body> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) {
        parts.length = 0;
        continue;
      }
      parts.push(chunk);
      onChunk?.(chunk);
    }
  } catch {
    return { kind: 'broken' };
  }
  if (!request.complete) return { kind: 'broken' };
  return size > maxBytes ? { kind: 'too-large' } : { kind: 'whole', bytes: Buffer.concat(parts) };
}
