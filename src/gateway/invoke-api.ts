import type { Invocation, Outcome } from '../lambda/types.ts';
import { limits } from '../platform/limits.ts';
import type { Runtime } from '../types.ts';
import { toErrorPayload } from './error-payload.ts';
import type { FunctionPool } from './function-pool.ts';
import { findHeader } from './headers.ts';
import { toLogTail } from './log-tail.ts';
import type { GatewayRequest, Header, Reply } from './types.ts';

/** What answers Lambda's own API. */
export interface InvokeBackend {
  readonly pool: FunctionPool;
  readonly signal: AbortSignal;
  readonly language: Runtime['language'];
  /** Told of what becomes of an asynchronous invocation, which nobody waits for. */
  readonly onAsync: (run: Promise<unknown>) => void;
}

/** True for the operation Invoke of Lambda's API, whatever the name of the function. */
export function isInvoke({ method, path }: Pick<GatewayRequest, 'method' | 'path'>): boolean {
  return method === 'POST' && /^\/2015-03-31\/functions\/[^/]+\/invocations\/?$/.test(path);
}

/** Answers the operation Invoke: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export async function answerInvoke(request: GatewayRequest, backend: InvokeBackend): Promise<Reply> {
  const { headers, body, id } = request;
  const type = findHeader(headers, 'x-amz-invocation-type') ?? 'RequestResponse';
  const refusal = checkEvent(body, type);
  if (refusal) return refusal;
  if (type === 'DryRun') return { status: 204, headers: [['x-amzn-requestid', id]], body: Buffer.alloc(0) };
  const run = backend.pool.run(fn =>
    fn.invoke(body.length === 0 ? '{}' : body, { signal: backend.signal, ...readContext(headers) }),
  );
  if (type === 'Event') {
    backend.onAsync(run);
    return { status: 202, headers: [['x-amzn-requestid', id]], body: Buffer.alloc(0) };
  }
  return toInvokeReply(await run, findHeader(headers, 'x-amz-log-type') === 'Tail', backend.language);
}

function toInvokeReply(invocation: Invocation, withLog: boolean, language: Runtime['language']): Reply {
  const { outcome, report } = invocation;
  const error = outcome.kind === 'answer' ? null : outcome.error;
  const headers: readonly Header[] = [
    ['content-type', 'application/json'],
    ['x-amzn-requestid', report.requestId],
    ['x-amz-executed-version', '$LATEST'],
    ...(error ? [['x-amz-function-error', 'Unhandled'] as const] : []),
    ...(withLog ? [['x-amz-log-result', toLogTail(invocation)] as const] : []),
  ];
  return { status: 200, headers, body: toPayload(outcome, language) };
}

function toPayload(outcome: Outcome, language: Runtime['language']): Uint8Array {
  if (outcome.kind !== 'error') return outcome.body;
  return Buffer.from(JSON.stringify(toErrorPayload(outcome.error, language)), 'utf8');
}

function readContext(headers: readonly Header[]): { readonly clientContext?: string } {
  const context = findHeader(headers, 'x-amz-client-context');
  return context === undefined ? {} : { clientContext: Buffer.from(context, 'base64').toString('utf8') };
}

function checkEvent(body: Uint8Array, type: string): Reply | null {
  if (!['RequestResponse', 'Event', 'DryRun'].includes(type)) {
    return refuse(400, 'InvalidParameterValueException', `Unknown invocation type: ${type}`);
  }
  const most = type === 'Event' ? limits.asyncEventBytes : limits.eventBytes;
  if (body.length > most) return refuseTooLarge(type, most);
  if (body.length === 0) return null;
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(400, 'InvalidRequestContentException', `Could not parse request body into json: ${reason}`);
  }
}

/** Lambda's refusal of an event that has more bytes than it takes. */
export function refuseTooLarge(type: string, most: number): Reply {
  const message = `The payload is too large for the ${type} invocation type (limit ${most} bytes)`;
  return refuse(413, 'RequestTooLargeException', message);
}

function refuse(status: number, code: string, message: string): Reply {
  const headers: readonly Header[] = [
    ['content-type', 'application/json'],
    ['x-amzn-errortype', code],
  ];
  const body = Buffer.from(JSON.stringify({ Type: 'User', message, Message: message }), 'utf8');
  return { status, headers, body, why: message };
}
