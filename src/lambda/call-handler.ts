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
  if (handler.length < 3) return handler(request.event, context);
  if (!request.callbacks) {
    throw runtimeError(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature.',
    );
  }
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, answer: unknown): void => (error ? reject(error) : resolve(answer));
    const returned = handler(request.event, context, callback);
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}

async function callStreaming(handler: Handler, request: InvokeRequest, context: object): Promise<unknown> {
  const stream = new PassThrough();
  const [answer] = await Promise.all([text(stream), handler(request.event, stream, context)]);
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}

function makeContext({ requestId, deadlineMs, memoryMiB }: InvokeRequest): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
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
