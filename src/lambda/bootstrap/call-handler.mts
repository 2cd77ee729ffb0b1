import process from 'node:process';
import { runtimeError } from './describe-error.mts';
import type { HandlerContext } from './make-context.mts';
import type { Handler } from './resolve-handler.mts';

/** Refuses a callback handler where the runtime has none any more. */
export function checkHandler(handler: Handler, major: number): void {
  if (major < 24 || handler.length < 3) return;
  throw runtimeError(
    'Runtime.CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  );
}

/** Calls a handler in whichever of Lambda's forms it is written and gives its answer. */
export async function callHandler(
  handler: Handler,
  event: unknown,
  context: HandlerContext,
  major: number,
): Promise<unknown> {
  let atEnd = (): void => {};
  const onBeforeExit = (): void => atEnd();
  process.on('beforeExit', onBeforeExit);
  const listen = (listener: () => void): void => {
    atEnd = listener;
  };
  try {
    return await (major < 24
      ? callWithCallback(handler, event, context, listen)
      : callPlainly(handler, event, context, listen));
  } finally {
    process.off('beforeExit', onBeforeExit);
  }
}

type Listen = (atEnd: () => void) => void;

function callPlainly(handler: Handler, event: unknown, context: object, listen: Listen): Promise<unknown> {
  return new Promise((resolve, reject) => {
    listen(() => reject(neverSettled()));
    // What it throws at once rejects as well.
    new Promise(settle => settle(handler(event, context))).then(resolve, reject);
  });
}

/** As the runtime client before Node.js 24 does: what is returned counts only if it is a promise, and no answer at all is null. */
function callWithCallback(
  handler: Handler,
  event: unknown,
  rawContext: object,
  listen: Listen,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const isAsync = handler.constructor?.name === 'AsyncFunction';
    listen(() => (isAsync ? reject(neverSettled()) : resolve(null)));
    let isDone = false;
    const once = (end: () => void): void => {
      if (isDone) return;
      isDone = true;
      listen(() => {});
      end();
    };
    const succeed = (answer?: unknown): void => once(() => resolve(answer));
    const fail = (error?: unknown): void => once(() => reject(error ?? 'handled'));
    const done = (error?: unknown, answer?: unknown): void =>
      isNothing(error) ? succeed(answer) : fail(error);
    const context = { callbackWaitsForEmptyEventLoop: true, ...rawContext, succeed, fail, done };
    const callback = (error?: unknown, answer?: unknown): void => {
      if (!isNothing(error)) fail(error);
      else if (!context.callbackWaitsForEmptyEventLoop) succeed(answer);
      else once(() => listen(() => resolve(answer)));
    };
    try {
      const returned = handler(event, context, callback);
      if (isThenable(returned)) returned.then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  });
}

function neverSettled(): Error {
  return runtimeError(
    'Runtime.NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
