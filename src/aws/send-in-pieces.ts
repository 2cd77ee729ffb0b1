import { Readable } from 'node:stream';
import type { LambdaExtensionConfiguration } from '@aws-sdk/client-lambda';

/** What an extension of any client of the SDK may change. */
type Extended = Pick<LambdaExtensionConfiguration, 'httpHandler' | 'setHttpHandler'>;
type Handler = ReturnType<Extended['httpHandler']>;
type Request = Parameters<Handler['handle']>[0];

const PIECE_BYTES = 64 * 1024;

/**
 * Makes a client hand long bodies to the socket piece by piece. Of one that is written whole, Node.js does not notice that bytes
 * flow over TLS, so that the SDK's timeout for silence would cut it.
 */
export const sendInPieces = {
  configure(client: Extended): void {
    client.setHttpHandler(wrap(client.httpHandler()));
  },
};

function wrap(handler: Handler): Handler {
  return {
    handle: (request, options) => handler.handle(inPieces(request), options),
    destroy: () => handler.destroy?.(),
    updateHttpClientConfig: (key, value) => handler.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => handler.httpHandlerConfigs(),
    ...(handler.metadata ? { metadata: handler.metadata } : {}),
  };
}

/** Each attempt has a stream of its own. */
function inPieces(request: Request): Request {
  const bytes = toBytes(request.body);
  if (bytes === null || bytes.length <= PIECE_BYTES) return request;
  const body = Readable.from(cut(bytes), { objectMode: false });
  return Object.assign(Object.create(Object.getPrototypeOf(request)), request, { body });
}

function* cut(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES)
    yield bytes.subarray(start, start + PIECE_BYTES);
}

function toBytes(body: unknown): Buffer | null {
  if (typeof body === 'string') return Buffer.from(body);
  return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : null;
}
