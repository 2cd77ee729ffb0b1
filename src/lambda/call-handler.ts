import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { InvokeRequest } from './protocol.ts';
import { type Handler, runtimeError } from './resolve-handler.ts';

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Puts `awslambda.streamifyResponse` where functions expect it. */
export function installStreaming(): void {
  const streamifyResponse = (handler: Handler): Handler =>
    Object.assign(handler, { [STREAMING]: 'response' });
  const from = (stream: PassThrough): PassThrough => stream;
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream: { from } } });
}

/** Calls a handler in whichever of Lambda's forms it is written and gives its answer. */
export async function callHandler(handler: Handler, request: InvokeRequest): Promise<unknown> {
  const context = makeContext(request);
  if (STREAMING in handler) return callStreaming(handler, request, context);
  if (request.callbacks) return callWithCallback(handler, request, context);
  if (handler.length < 3) return handler(request.event, context);
  throw runtimeError(
    'Runtime.CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  );
}

/** As the runtime client before Node.js 24 does: what is returned counts only if it is a promise, and no answer at all is null. */
function callWithCallback(handler: Handler, { event }: InvokeRequest, rawContext: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let atEnd: unknown;
    process.once('beforeExit', () => resolve(atEnd ?? null));
    const fail = (error: unknown): void => reject(error ?? 'handled');
    const done = (error: unknown, answer?: unknown): void =>
      isNothing(error) ? resolve(answer) : fail(error);
    const context = { callbackWaitsForEmptyEventLoop: true, ...rawContext, succeed: resolve, fail, done };
    const callback = (error: unknown, answer?: unknown): void => {
      if (isNothing(error) && context.callbackWaitsForEmptyEventLoop) atEnd ??= answer;
      else done(error, answer);
    };
    try {
      const returned = handler(event, context, callback);
      if (isThenable(returned)) returned.then(resolve, fail);
    } catch (error) {
      callback(error);
    }
  });
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

async function callStreaming(handler: Handler, request: InvokeRequest, context: object): Promise<unknown> {
  const stream = Object.assign(new PassThrough(), { setContentType: () => {} });
  const returned = handler(request.event, stream, context);
  if (!isThenable(returned)) throw new Error('Streaming does not support non-async handlers.');
  const [answer] = await Promise.all([text(stream), returned]);
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}

function makeContext({ requestId, deadlineMs, memoryMiB }: InvokeRequest): object {
  return {
    functionName: 'function',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function',
    memoryLimitInMB: String(memoryMiB),
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}
