import { Buffer } from 'node:buffer';
import type { ClientRequest } from 'node:http';
import { isThenable } from './call-handler.mts';
import { describeError, runtimeError } from './describe-error.mts';
import { logFailure } from './log-failure.mts';
import type { HandlerContext } from './make-context.mts';
import type { Handler } from './resolve-handler.mts';
import { endWithError, openAnswerStream, waitForReply } from './runtime-client.mts';

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END = new Uint8Array(8);

type Write = (chunk: unknown, ...rest: readonly unknown[]) => boolean;

/** What a handler writes its answer to. */
type ResponseStream = Omit<ClientRequest, 'write'> & {
  write: Write;
  setContentType?: (type: string) => void;
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => boolean) => void;
};

/** Puts `awslambda` where functions expect it. */
export function installStreaming(): void {
  const streamifyResponse = (handler: Handler, options?: { highWaterMark?: unknown }): Handler =>
    Object.assign(handler, {
      [STREAMING]: 'response',
      ...(typeof options?.highWaterMark === 'number' ? { [HIGH_WATER_MARK]: options.highWaterMark } : {}),
    });
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream: { from: withPrelude } } });
}

/** Puts status, headers and cookies of an HTTP answer before the first thing that is written. */
function withPrelude(stream: ResponseStream, prelude: unknown): ResponseStream {
  stream.setContentType?.(PRELUDE_TYPE);
  stream._onBeforeFirstWrite = write => {
    write(JSON.stringify(prelude));
    write(PRELUDE_END);
  };
  return stream;
}

/** Throws for a mark that only looks like that of streaming. */
export function isStreaming(handler: Handler): boolean {
  const mark = (handler as unknown as Record<symbol, unknown>)[STREAMING];
  if (!mark) return false;
  if (mark === 'response') return true;
  throw runtimeError('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.');
}

/** Calls a handler that writes its answer. What it throws goes behind what it wrote. */
export async function streamAnswer(handler: Handler, event: unknown, context: HandlerContext): Promise<void> {
  const mark = Number((handler as unknown as Record<symbol, unknown>)[HIGH_WATER_MARK]);
  const sent = openAnswerStream(context.awsRequestId, Number.isNaN(mark) ? undefined : mark);
  const reply = waitForReply(sent);
  // It is looked at below; until then nobody is to be told that it failed.
  reply.catch(() => {});
  try {
    const returned = handler(event, toResponseStream(sent), context);
    if (!isThenable(returned)) throw new Error('Streaming does not support non-async handlers.');
    if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
    await reply;
  } catch (error) {
    const failure = describeError(error);
    logFailure('Invoke Error', context.awsRequestId, failure);
    endWithError(sent, failure);
    await reply.catch(() => {});
  }
}

function toResponseStream(sent: ClientRequest): ResponseStream {
  const stream = sent as ResponseStream;
  const write = sent.write.bind(sent) as Write;
  let isWritten = false;
  stream.setContentType = type => {
    if (isWritten)
      throw runtimeError('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
    sent.setHeader('Content-Type', type);
  };
  stream.write = (chunk, ...rest) => {
    if (!isWritten) {
      isWritten = true;
      stream._onBeforeFirstWrite?.(write);
    }
    const isPlain = typeof chunk === 'string' || Buffer.isBuffer(chunk) || chunk instanceof Uint8Array;
    return write(isPlain ? chunk : JSON.stringify(chunk), ...rest);
  };
  return stream;
}
