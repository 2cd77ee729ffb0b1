import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { limits } from '../platform/limits.ts';
import { addOwnHeaders, answerRequest, type Backend } from './answer-request.ts';
import { failureReply } from './failures.ts';
import { findHeader } from './headers.ts';
import { answerInvoke, type InvokeBackend, isInvoke, refuseTooLarge } from './invoke-api.ts';
import { isLoopback, isOwnHost } from './own-host.ts';
import { readBody, toGatewayRequest } from './read-request.ts';
import { sendReply } from './send-reply.ts';
import type { GatewayRequest, Reply } from './types.ts';

/** A request that has been answered, for the log. */
export interface Access {
  readonly method: string;
  readonly target: string;
  /** Null where nothing was sent. */
  readonly status: number | null;
  readonly ms: number;
  /** False where the client went away, or the answer broke off. */
  readonly complete: boolean;
}

export interface HandlerOptions extends Backend, Pick<InvokeBackend, 'language'> {
  readonly host: string;
  readonly onAccess: (access: Access) => void;
  /** Told why an answer is what it is, in one line. */
  readonly onNote: (text: string) => void;
  /** Told when the function cannot be run at all. */
  readonly onError: (error: unknown) => void;
}

/** Makes the listener of the server; it never throws. */
export function makeHandler(options: HandlerOptions): RequestListener {
  return (req, res) => {
    const started = performance.now();
    res.once('close', () => options.onAccess(toAccess(req, res, performance.now() - started)));
    // A client that goes away is told by `close`.
    res.on('error', () => {});
    handle(req, res, options).catch((error: unknown) => fail(error, req, res, options));
  };
}

async function handle(req: IncomingMessage, res: ServerResponse, options: HandlerOptions): Promise<void> {
  const head = toGatewayRequest(req, Buffer.alloc(0));
  const note = (why: string | null | undefined): void => {
    if (why) options.onNote(`${head.method} ${head.path}: ${why}`);
  };
  if (isLoopback(req.socket.localAddress ?? '') && !isOwnHost(head.headers, options.host)) {
    // Its body is not read.
    res.setHeader('connection', 'close');
    sendReply(res, head.method, foreignHost());
    return note(`refused, since its Host is ${findHeader(head.headers, 'host')}, which is not this machine`);
  }
  const most = isInvoke(head) ? limits.eventBytes : limits.gatewayPayloadBytes;
  const body = await takeBody(req, res, most);
  if (body === null) {
    const reply = tooLarge(head, most, options);
    sendReply(res, head.method, reply);
    return note(reply.why);
  }
  const request = { ...head, body };
  if (!isInvoke(request)) return note(await answerRequest(request, res, options));
  const onAsync = (run: Promise<unknown>): void =>
    void run.catch((error: unknown) => options.signal.aborted || options.onError(error));
  const reply = await answerInvoke(request, { ...options, onAsync });
  sendReply(res, request.method, reply);
  note(reply.why);
}

/** Null when it is too large; who waits for a word to send it is told before sending. */
async function takeBody(req: IncomingMessage, res: ServerResponse, most: number): Promise<Uint8Array | null> {
  if (/^100-continue$/i.test(req.headers.expect ?? '')) {
    if (Number(req.headers['content-length'] ?? 0) > most) {
      res.setHeader('connection', 'close');
      return null;
    }
    res.writeContinue();
  }
  return readBody(req, most);
}

function tooLarge(request: GatewayRequest, most: number, { settings }: HandlerOptions): Reply {
  if (isInvoke(request)) return refuseTooLarge('RequestResponse', most);
  const why = `the body has more than ${most} bytes, which is all that the gateway takes`;
  const reply = failureReply(settings.api, 'request-too-large', why);
  return { ...reply, headers: addOwnHeaders(reply.headers, request, settings) };
}

function foreignHost(): Reply {
  const body = Buffer.from('{"message":"Forbidden"}');
  return { status: 403, headers: [['content-type', 'application/json']], body };
}

function fail(error: unknown, req: IncomingMessage, res: ServerResponse, options: HandlerOptions): void {
  const isOver = options.signal.aborted || (req.destroyed && !req.complete);
  if (!isOver) options.onError(error);
  if (isOver || res.headersSent) res.destroy();
  else sendReply(res, req.method, failureReply(options.settings.api, 'function-failed', 'it cannot be run'));
}

function toAccess(req: IncomingMessage, res: ServerResponse, ms: number): Access {
  const { method = '', url = '' } = req;
  return {
    method,
    target: url,
    status: res.headersSent ? res.statusCode : null,
    ms,
    complete: res.writableFinished,
  };
}
