import { findHeader } from './headers.ts';
import type { GatewayRequest, Header, Reply } from './types.ts';

const METHODS = 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT';

/** True for what an HTTP API takes as an allowed origin: one, all of a scheme, or all. */
export function isOriginPattern(text: string): boolean {
  return /^(?:\*|https?:\/\/\*|[a-z][a-z0-9+.-]*:\/\/[^\s/*]+)$/i.test(text);
}

/** The gateway's own answer to a preflight request; null for any other request, which is the function's. */
export function answerPreflight(request: GatewayRequest, origins: readonly string[]): Reply | null {
  const asked = findHeader(request.headers, 'access-control-request-method');
  if (request.method !== 'OPTIONS' || asked === undefined) return null;
  const origin = findHeader(request.headers, 'origin');
  if (origin === undefined) return null;
  const allowed = allowOrigin(origin, origins);
  if (allowed.length === 0)
    return { status: 204, headers: [], body: Buffer.alloc(0), why: `CORS: ${origin} is not allowed` };
  const wanted = findHeader(request.headers, 'access-control-request-headers');
  const headers: readonly Header[] = [
    ...allowed,
    ['access-control-allow-methods', METHODS],
    ...(wanted === undefined ? [] : [['access-control-allow-headers', wanted] as const]),
  ];
  return { status: 204, headers, body: Buffer.alloc(0) };
}

/** An answer's headers with the gateway's CORS headers in the place of the function's. */
export function withCors(
  headers: readonly Header[],
  request: GatewayRequest,
  origins: readonly string[],
): readonly Header[] {
  const origin = findHeader(request.headers, 'origin');
  const others = headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  const allowed = origin === undefined ? [] : allowOrigin(origin, origins);
  return allowed.length === 0 ? others : [...others, ...allowed, ['access-control-expose-headers', '*']];
}

function allowOrigin(origin: string, origins: readonly string[]): readonly Header[] {
  if (origins.includes('*')) return [['access-control-allow-origin', '*']];
  const lower = origin.toLowerCase();
  const fits = origins.some(pattern =>
    pattern.endsWith('*') ? lower.startsWith(pattern.slice(0, -1)) : lower === pattern.toLowerCase(),
  );
  return fits
    ? [
        ['access-control-allow-origin', origin],
        ['vary', 'Origin'],
      ]
    : [];
}
