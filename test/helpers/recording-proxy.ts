import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { readBody, withServer } from './http-stub.ts';

/** A request that went through the proxy. */
export interface PassedCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: Buffer;
}

/** A server between a client and `upstream` that notes what is asked of it. The host header stays, since it is signed. */
export function withRecordingProxy<T>(
  upstream: string,
  use: (url: string, calls: readonly PassedCall[]) => Promise<T>,
): Promise<T> {
  const calls: PassedCall[] = [];
  return withServer(
    async (incoming, outgoing) => {
      const body = await readBody(incoming);
      calls.push({ method: incoming.method ?? '', path: incoming.url ?? '', body });
      await pass(incoming, body, outgoing, upstream);
    },
    port => use(`http://127.0.0.1:${port}`, calls),
  );
}

function pass(
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  upstream: string,
): Promise<void> {
  const { hostname, port } = new URL(upstream);
  return new Promise((resolve, reject) => {
    const options = { method, path: url, headers, hostname, port };
    request(options, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing).on('finish', resolve).on('error', reject);
    })
      .on('error', reject)
      .end(body);
  });
}

/** Whether it changes something: IAM has its actions in the body, the others in the method. */
export function isWrite({ method, body }: PassedCall): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return !/^Action=(?:Get|List)/.test(body.subarray(0, 20).toString());
}
