import { readFile } from 'node:fs/promises';
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A certificate for loopback that nobody but these tests trusts; valid until 2126. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUf5cC3kVT8VTUEqz3W1hnO/yaOqkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyMDEwNFoYDzIxMjYxMDI4
MTIwMTA0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASX9ZQEWYoSZH/Mi3A47fmtIQzxIDLfrvZLBSsLlW7jgY8evyzSQpE/
wTSkRL3Vxn+WCCVOQjrVZSvtPjluopaVo28wbTAdBgNVHQ4EFgQUIYl5QStOhi45
cDbJoxUQsYgNpk0wHwYDVR0jBBgwFoAUIYl5QStOhi45cDbJoxUQsYgNpk0wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAIkfsGv7R7tEPDRzHRif0eAYHmj9fjds9YC+35q4LVo1AiEA
p5m2ocNwGWh+99/OFcYbSbW654xL9DSev5Qd86mB6UI=
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglmSJmVaAcGhcd4+x
zCmaQ+kLoPuzv6oIZjaBWIq9rDWhRANCAASX9ZQEWYoSZH/Mi3A47fmtIQzxIDLf
rvZLBSsLlW7jgY8evyzSQpE/wTSkRL3Vxn+WCCVOQjrVZSvtPjluopaV
-----END PRIVATE KEY-----
`;

/** How the server misbehaves. */
export type Mood =
  | 'fine'
  | 'no ranges'
  | 'forbidden'
  | 'absent'
  | 'cut'
  | 'wrong range'
  | 'damaged'
  | 'flaky'
  | 'redirect'
  | 'to http'
  | 'endless';

export interface RestServer {
  readonly port: number;
  readonly requests: readonly { readonly range: string; readonly status: number; readonly url: string }[];
  mood: Mood;
}

/** Serves one file as S3 does, and listens to `range`. */
export async function withRestServer(
  { file, secure }: { readonly file: string; readonly secure: boolean },
  use: (server: RestServer) => Promise<void>,
): Promise<void> {
  const whole = await readFile(file);
  const requests: { range: string; status: number; url: string }[] = [];
  const facts: RestServer = { port: 0, requests, mood: 'fine' };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { range = '' } = request.headers;
    serve(whole, range, facts.mood, requests.length, request.url ?? '', response);
    requests.push({ range, status: response.statusCode, url: request.url ?? '' });
  };
  const server: Server = secure ? createHttps({ key: KEY, cert: CERTIFICATE }, answer) : createHttp(answer);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(Object.assign(facts, { port: (server.address() as AddressInfo).port }));
  } finally {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
}

type Headers = Record<string, string | number>;

interface Answer {
  readonly status: number;
  readonly headers?: Headers;
  readonly body?: Uint8Array;
}

function serve(
  whole: Buffer,
  range: string,
  mood: Mood,
  count: number,
  url: string,
  response: ServerResponse,
): void {
  const { status, headers = {}, body } = special(whole, mood, count, url) ?? toRange(whole, range, mood);
  if (mood !== 'cut' || !body) {
    response.writeHead(status, headers).end(body);
    return;
  }
  response.writeHead(status, headers);
  response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}

function special(whole: Buffer, mood: Mood, count: number, url: string): Answer | null {
  if (mood === 'flaky' && count % 2 === 0) return { status: 503 };
  if (mood === 'forbidden') return { status: 403 };
  if (mood === 'absent') return { status: 404 };
  if (mood === 'redirect' && !url.includes('again'))
    return { status: 302, headers: { location: `${url}&again` } };
  if (mood === 'to http') return { status: 302, headers: { location: 'http://127.0.0.1:1/' } };
  if (mood === 'no ranges') return { status: 200, headers: { 'content-length': whole.length }, body: whole };
  return mood === 'endless' ? { status: 200, body: Buffer.alloc(50_000_000) } : null;
}

function toRange(whole: Buffer, range: string, mood: Mood): Answer {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const start = from === '' ? Math.max(0, whole.length - Number(to)) : Number(from);
  const last = from === '' ? whole.length - 1 : Math.min(Number(to), whole.length - 1);
  if (start > last) return { status: 416 };
  const shift = mood === 'wrong range' && start > 0 ? 1 : 0;
  const body = Buffer.from(whole.subarray(start - shift, last + 1 - shift));
  if (mood === 'damaged') body.subarray(0, Math.min(200, body.length)).fill(0x55, 60);
  const headers = {
    'content-range': `bytes ${start - shift}-${last - shift}/${whole.length}`,
    'content-length': body.length,
  };
  return { status: 206, headers, body };
}
