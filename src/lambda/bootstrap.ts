import { Socket } from 'node:net';
import { callHandler, installStreaming } from './call-handler.ts';
import { describeBriefly, describeError } from './describe-error.ts';
import { readMessages, sendMessage } from './message-line.ts';
import { type BootstrapMessage, CHANNEL_FD, type InvokeRequest } from './protocol.ts';
import { resolveHandler, runtimeError } from './resolve-handler.ts';

/*
 * Runs in the child process that stands for the sandbox. It answers over a pipe of its own, so that nothing the handler
 * prints can be taken for its answer, and not over the IPC channel of Node.js, which a function on Lambda does not have.
 */
const channel = new Socket({ fd: CHANNEL_FD });
// Nobody is left who could stop the function.
channel.on('error', () => {}).on('close', () => process.exit(1));

readMessages<InvokeRequest>(channel, request => {
  // A function ends when nothing is left to do, whoever may still listen.
  channel.unref();
  void run(request);
});
process.on('uncaughtException', error => void tell({ kind: 'error', error: describeError(error) }));
process.on('unhandledRejection', reason => {
  const rejection = runtimeError('Runtime.UnhandledPromiseRejection', describeBriefly(reason));
  void tell({ kind: 'error', error: describeError(rejection) });
});

async function run(request: InvokeRequest): Promise<void> {
  try {
    installStreaming();
    const handler = await resolveHandler(request.taskRoot, request.handler);
    await tell({ kind: 'ready' });
    const answer = await callHandler(handler, request);
    await tell({ kind: 'answer', payload: toJson(answer) });
  } catch (error) {
    await tell({ kind: 'error', error: describeError(error) });
  }
}

function toJson(answer: unknown): string | null {
  try {
    return JSON.stringify(answer) ?? null;
  } catch (error) {
    throw runtimeError(
      'Runtime.MarshalError',
      `Unable to stringify response body: ${describeError(error).errorMessage}`,
      error,
    );
  }
}

/** All but the first message end the process, so what the handler printed goes first. */
async function tell(message: BootstrapMessage): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(flush));
  await sendMessage(channel, message);
}

function flush(stream: NodeJS.WriteStream): Promise<void> | undefined {
  return stream.writableLength === 0 ? undefined : new Promise(resolve => stream.write('', () => resolve()));
}
