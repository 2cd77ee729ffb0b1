import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { dropHopByHop } from './headers.ts';
import type { GatewayRequest, Header } from './types.ts';

/** Up to here a body that is too large is read and thrown away, so that its sender sees the answer. */
const MAX_DISCARDED_BYTES = 256 * 1024 * 1024;

/** The body; null when it has more than `maxBytes`. Rejects when the client goes away before its end. */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > MAX_DISCARDED_BYTES) break;
  }
  return bytes > maxBytes ? null : Buffer.concat(chunks);
}

/** A request of Node.js as the gateway's, with an id of its own. */
export function toGatewayRequest(req: IncomingMessage, body: Uint8Array): GatewayRequest {
  const target = (req.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  return {
    method: req.method ?? 'GET',
    path: path.startsWith('/') ? path : `/${path}`,
    query: at < 0 ? '' : target.slice(at + 1),
    headers: dropHopByHop(pairUp(req.rawHeaders)),
    body,
    sourceIp: (req.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, ''),
    port: req.socket.localPort ?? 0,
    protocol: `HTTP/${req.httpVersion}`,
    id: randomUUID(),
    time: new Date(),
  };
}

/** Node.js lists raw headers as name, value, name, value. */
function pairUp(raw: readonly string[]): readonly Header[] {
  return raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ''] as const] : []));
}
