import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits } from '../../platform/limits.ts';
import { type OpenExchange, TOO_LARGE } from './exchange.ts';
import { parseFunctionError } from './parse-function-error.ts';
import { readBody } from './read-body.ts';
import { accept, refuse, refuseSize, refuseTransition } from './replies.ts';
import type { Phase, RuntimeSession } from './runtime-session.ts';

interface Call {
  readonly session: RuntimeSession;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
}

/** Of all that is streamed; 200 MB on Lambda. */
const MAX_STREAM_BYTES = 200 * 1024 * 1024;

const DEFAULT_TYPES = { buffered: 'application/json', streaming: 'application/octet-stream' };

/** POST response: the answer of the function, whole or as a stream. */
export async function takeResponse(call: Call): Promise<void> {
  const exchange = findExchange(call, 'InvocationResponse');
  if (!exchange) return;
  const isStream = call.request.headers['lambda-runtime-function-response-mode'] === 'streaming';
  if (isStream) await takeStream(call, exchange);
  else await takeWhole(call, exchange);
}

async function takeWhole({ session, request, response }: Call, exchange: OpenExchange): Promise<void> {
  const body = await readBody(request, limits.responseBytes);
  if (body.kind === 'broken') return session.setPhase('Running');
  if (body.kind === 'too-large') {
    exchange.settle({ kind: 'error', error: TOO_LARGE });
    return refuseSize(response);
  }
  const contentType = request.headers['content-type'] ?? DEFAULT_TYPES.buffered;
  exchange.settle({ kind: 'answer', body: body.bytes, contentType });
  accept(response);
}

async function takeStream({ request, response }: Call, exchange: OpenExchange): Promise<void> {
  const contentType = request.headers['content-type'] ?? DEFAULT_TYPES.streaming;
  exchange.startStream(contentType);
  const body = await readBody(request, MAX_STREAM_BYTES, chunk => exchange.addChunk(chunk));
  // Whoever ended the process tells why; a client that goes on instead has given up.
  if (body.kind === 'broken') return;
  if (body.kind === 'too-large') {
    exchange.fail(TOO_LARGE);
    return refuseSize(response);
  }
  const type = request.trailers['lambda-runtime-function-error-type'];
  const told = Buffer.from(request.trailers['lambda-runtime-function-error-body'] ?? '', 'base64');
  const error = type || told.length > 0 ? parseFunctionError(told, type) : null;
  exchange.settle({ kind: 'stream', body: body.bytes, contentType, error });
  accept(response);
}

/** POST error: the failure of the function. */
export async function takeError(call: Call): Promise<void> {
  const exchange = findExchange(call, 'InvocationErrorResponse');
  if (!exchange) return;
  const { session, request, response } = call;
  const body = await readBody(request, limits.responseBytes);
  if (body.kind === 'broken') return session.setPhase('Running');
  if (body.kind === 'too-large') {
    exchange.settle({ kind: 'error', error: TOO_LARGE });
    return refuseSize(response);
  }
  exchange.settle({ kind: 'error', error: parseFunctionError(body.bytes, errorTypeOf(request)) });
  accept(response);
}

/** POST init/error: why the function could not be loaded. */
export async function takeInitError({ session, request, response }: Call): Promise<void> {
  const body = await readBody(request, limits.responseBytes);
  if (session.phase() !== 'Started') return refuseTransition(response, session.phase(), 'InitError');
  const bytes = body.kind === 'whole' ? body.bytes : Buffer.alloc(0);
  session.failInit(parseFunctionError(bytes, errorTypeOf(request)));
  accept(response);
}

/** The invocation that is meant, where the runtime may answer it now. */
function findExchange({ session, request, response, id }: Call, next: Phase): OpenExchange | null {
  const exchange = session.current();
  const phase = session.phase();
  if (exchange?.request.requestId === id && phase === 'Running') {
    session.setPhase(next);
    return exchange;
  }
  request.resume();
  if (exchange?.request.requestId === id) refuseTransition(response, phase, next);
  else refuse(response, 'InvalidRequestID', 'Invalid request ID');
  return null;
}

function errorTypeOf({ headers }: IncomingMessage): string | undefined {
  const type = headers['lambda-runtime-function-error-type'];
  return Array.isArray(type) ? type[0] : type;
}
