import type { GatewayRequest, Header } from './types.ts';

/** RFC 9110, 7.6.1, and what older clients and proxies add. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What `withForwarded` writes anew, and `Expect`, which the server has answered. */
const SET_HERE = new Set([
  'expect',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/** Drops what concerns one connection, also what the header `Connection` names. */
export function dropHopByHop(headers: readonly Header[]): readonly Header[] {
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map(part => part.trim().toLowerCase()));
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !HOP_BY_HOP.has(lower) && !named.includes(lower);
  });
}

/** The last value of a header; undefined where there is none. */
export function findHeader(headers: readonly Header[], name: string): string | undefined {
  return headers.findLast(([other]) => other.toLowerCase() === name)?.[1];
}

/** All values of each header, under the name in which it came first, in the order of the first ones. */
export function groupHeaders(headers: readonly Header[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string>();
  const groups = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const first = names.get(name.toLowerCase()) ?? name;
    names.set(name.toLowerCase(), first);
    groups.set(first, [...(groups.get(first) ?? []), value]);
  }
  return groups;
}

/** The request's headers with those that a gateway adds; it speaks HTTP here, and says so. */
export function withForwarded({ headers, sourceIp, port, id }: GatewayRequest): readonly Header[] {
  const before = findHeader(headers, 'x-forwarded-for');
  const trace = findHeader(headers, 'x-amzn-trace-id') ?? `Root=${toTraceRoot(id)}`;
  return [
    ...headers.filter(([name]) => !SET_HERE.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', trace],
    ['X-Forwarded-For', before === undefined ? sourceIp : `${before}, ${sourceIp}`],
    ['X-Forwarded-Port', String(port)],
    ['X-Forwarded-Proto', 'http'],
  ];
}

/** X-Ray's form: version, 8 hex digits, 24 hex digits. */
function toTraceRoot(id: string): string {
  const digits = id.replaceAll('-', '');
  return `1-${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/** `localhost` of `localhost:3000`; an IPv6 address keeps its brackets. */
export function hostName(headers: readonly Header[]): string {
  return (findHeader(headers, 'host') ?? 'localhost').replace(/:\d*$/, '');
}
