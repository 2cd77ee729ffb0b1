import type { ServerResponse } from 'node:http';
import type { Invocation, InvokeOptions } from '../lambda/types.ts';
import { limits } from '../platform/limits.ts';
import { answerPreflight, withCors } from './cors.ts';
import { failureReply } from './failures.ts';
import type { FunctionPool } from './function-pool.ts';
import { sendReply, setHead } from './send-reply.ts';
import { openStreamReply, type StreamEnd, type StreamReply } from './stream-reply.ts';
import { toReply } from './to-reply.ts';
import { toV1Event } from './to-v1-event.ts';
import { toV2Event } from './to-v2-event.ts';
import type { GatewayRequest, GatewaySettings, Header, Reply } from './types.ts';

/** What stands behind the gateway. */
export interface Backend {
  readonly settings: GatewaySettings;
  readonly pool: FunctionPool;
  readonly signal: AbortSignal;
}

/** Answers a request as the gateway would, by invoking the function or without; tells what the client is not told. */
export async function answerRequest(
  request: GatewayRequest,
  res: ServerResponse,
  backend: Backend,
): Promise<string | null> {
  const { settings } = backend;
  const preflight = settings.cors === null ? null : answerPreflight(request, settings.cors);
  if (preflight) return send(res, request, preflight);
  const decorate = (headers: readonly Header[]): readonly Header[] =>
    addOwnHeaders(headers, request, settings);
  const stream = settings.streaming
    ? openStreamReply(res, ({ status, headers }) => setHead(res, { status, headers: decorate(headers) }))
    : null;
  const found = await findReply(request, backend, stream);
  if ('wasSent' in found) return found.why;
  return send(res, request, { ...found, headers: decorate(found.headers) });
}

function send(res: ServerResponse, { method }: GatewayRequest, reply: Reply): string | null {
  sendReply(res, method, reply);
  return reply.why ?? null;
}

/** What is to be sent, or how it went where it was streamed. */
async function findReply(
  request: GatewayRequest,
  backend: Backend,
  stream: StreamReply | null,
): Promise<Reply | StreamEnd> {
  const { settings, signal } = backend;
  const event = JSON.stringify(
    settings.api === 'rest' ? toV1Event(request, settings) : toV2Event(request, settings),
  );
  const bytes = Buffer.byteLength(event);
  if (bytes > limits.eventBytes) return failureReply(settings.api, 'event-too-large', explainSize(bytes));
  const invocation = await invokeWithin(backend, event, { signal, ...streamOptions(stream) });
  if (invocation === null) return failureReply(settings.api, 'timed-out', explainTimeout(settings.timeoutMs));
  const { outcome } = invocation;
  if (!stream || outcome.kind !== 'stream') return toReply(outcome, request, settings);
  const end = stream.finish(outcome.error);
  if (end.wasSent) return end;
  return failureReply(settings.api, outcome.error ? 'function-failed' : 'malformed', end.why ?? '');
}

function streamOptions(stream: StreamReply | null): Pick<InvokeOptions, 'onStart' | 'onChunk'> {
  return stream ? { onStart: stream.onStart, onChunk: stream.onChunk } : {};
}

/** Null when the gateway gives up; the function goes on, and its sandbox is not free before it has ended. */
function invokeWithin(
  { pool, settings: { timeoutMs } }: Backend,
  event: string,
  options: InvokeOptions,
): Promise<Invocation | null> {
  return new Promise((resolve, reject) => {
    const run = pool.run(async fn => {
      const timer = timeoutMs === null ? undefined : setTimeout(() => resolve(null), timeoutMs);
      try {
        resolve(await fn.invoke(event, options));
      } finally {
        clearTimeout(timer);
      }
    });
    run.catch(reject);
  });
}

/** The headers of a reply with those that the gateway adds to every one. */
export function addOwnHeaders(
  headers: readonly Header[],
  request: GatewayRequest,
  settings: GatewaySettings,
): readonly Header[] {
  const own: Header = [settings.api === 'http' ? 'apigw-requestid' : 'x-amzn-requestid', request.id];
  const all = [...headers, own];
  return settings.cors === null ? all : withCors(all, request, settings.cors);
}

function explainSize(bytes: number): string {
  return `the event would have ${bytes} bytes, and Lambda takes at most ${limits.eventBytes}; a body that travels as base64 may have about 4.5 MiB. Send large files by way of S3`;
}

function explainTimeout(timeoutMs: number | null): string {
  return `the gateway waits for ${(timeoutMs ?? 0) / 1000} s at most; the function goes on, and the next request waits for it`;
}
