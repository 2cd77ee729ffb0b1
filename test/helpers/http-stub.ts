import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The credentials that stubs of AWS know. */
const STUB_KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' } as const;

/** The environment that leads the SDK to a stub. */
export type StubEnv = Readonly<Record<string, string>>;

/** Serves on a free port of loopback while `use` runs; connections that still hang then are cut. */
export async function withServer<T>(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  use: (port: number, server: Server) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    void serve(request, response).catch(error => fail(response, 500, 'ServiceException', String(error)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port, server);
  } finally {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
}

export function toStubEnv(port: number, region = 'eu-west-1'): StubEnv {
  return { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: region, ...STUB_KEYS };
}

/** Whether a request is signed with the keys of the stubs; the signature itself is not checked. */
export function isSignedByStubKeys(request: IncomingMessage): boolean {
  const start = `AWS4-HMAC-SHA256 Credential=${STUB_KEYS.AWS_ACCESS_KEY_ID}/`;
  return request.headers.authorization?.startsWith(start) ?? false;
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** An error as services with a JSON protocol word it. */
export function fail(response: ServerResponse, status: number, type: string, message: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'x-amzn-ErrorType': type })
    .end(JSON.stringify({ Type: 'User', message, Message: message }));
}
