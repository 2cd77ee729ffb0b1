import process from 'node:process';
import { blockOutput } from './block-output.mts';
import { callHandler, checkHandler } from './call-handler.mts';
import { describeBriefly, describeError, type ErrorPayload, runtimeError } from './describe-error.mts';
import { flushOutput } from './flush-output.mts';
import { installLayerImports } from './layer-imports.mts';
import { logFailure } from './log-failure.mts';
import { makeContext } from './make-context.mts';
import { type Handler, resolveHandler } from './resolve-handler.mts';
import { nextInvocation, postAnswer, postError, postInitError } from './runtime-client.mts';
import { installStreaming, isStreaming, streamAnswer } from './stream-answer.mts';

/*
 * The runtime of a Node.js function: what stands in /var/runtime. It needs nothing but Node.js, so that this folder can be
 * shown to a sandbox alone.
 */
const { parse, stringify } = JSON;
const { exit } = process;
const taskRoot = process.env.LAMBDA_TASK_ROOT ?? '';
const major = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1] ?? 24);

/** The invocation that runs or ran last. */
let lastId: string | undefined;
/** Tells a failure that nobody caught: of init at first, then of that invocation. */
let tellFailure = postInitError;

process.on('uncaughtException', error => end('Uncaught Exception', error, 129));
process.on('unhandledRejection', reason => {
  const error = runtimeError('Runtime.UnhandledPromiseRejection', describeBriefly(reason), reason);
  end('Unhandled Promise Rejection', error, 128);
});
void run();

async function run(): Promise<void> {
  const handler = await load();
  for (;;) await serve(handler);
}

async function load(): Promise<Handler> {
  try {
    blockOutput();
    installStreaming();
    installLayerImports([taskRoot, process.env.LAMBDA_RUNTIME_DIR ?? '']);
    const handler = await resolveHandler({ taskRoot, handler: process.env._HANDLER ?? '', major });
    if (!isStreaming(handler)) checkHandler(handler, major);
    return handler;
  } catch (error) {
    await postInitError(describeError(error));
    await flushOutput();
    return exit(1);
  }
}

async function serve(handler: Handler): Promise<void> {
  await flushOutput();
  // Without its API a runtime has nothing to live for.
  const invocation = await nextInvocation().catch(() => exit(1));
  const id = String(invocation.headers['lambda-runtime-aws-request-id']);
  lastId = id;
  tellFailure = error => postError(id, error);
  try {
    const context = makeContext(invocation, major);
    const event: unknown = parse(invocation.body);
    if (isStreaming(handler)) await streamAnswer(handler, event, context);
    else await postAnswer(id, toJson(await callHandler(handler, event, context, major)));
  } catch (error) {
    const failure = describeError(error);
    logFailure('Invoke Error', id, failure);
    await postError(id, failure);
  }
}

function toJson(answer: unknown): string {
  try {
    return stringify(answer) ?? 'null';
  } catch (error) {
    const name = major >= 24 ? 'Runtime.JSONStringifyError' : 'Error';
    const refusal = runtimeError(name, 'Unable to stringify response body');
    refusal.stack = [refusal.stack, ...describeError(error).trace].join('\n');
    throw refusal;
  }
}

/** The process does not outlive what nobody caught. */
function end(title: string, error: unknown, code: number): void {
  const told: ErrorPayload = describeError(error);
  logFailure(title, lastId, told);
  const leave = (): never => exit(code);
  void tellFailure(told).then(flushOutput).then(leave, leave);
}
