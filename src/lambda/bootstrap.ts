import { callHandler, installStreaming } from './call-handler.ts';
import type { BootstrapMessage, FunctionError, InvokeRequest } from './protocol.ts';
import { resolveHandler, runtimeError } from './resolve-handler.ts';

/*
 * Runs in the child process that stands for the sandbox. It answers over the IPC channel of Node.js, so that nothing the
 * handler prints can be taken for its answer.
 */
const channel = process.send?.bind(process);
if (!channel) throw new Error('The bootstrap is started by lambda-slim only.');
// The handler sees a plain process.
delete process.send;

process.once('message', request => void run(request as InvokeRequest));
process.on('uncaughtException', error => void tell({ kind: 'error', error: describe(error) }));
process.on('unhandledRejection', reason => {
  const rejection = runtimeError(
    'Runtime.UnhandledPromiseRejection',
    reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason),
  );
  void tell({ kind: 'error', error: describe(rejection) });
});

async function run(request: InvokeRequest): Promise<void> {
  try {
    installStreaming();
    const handler = await resolveHandler(request.taskRoot, request.handler);
    await tell({ kind: 'ready' });
    const answer = await callHandler(handler, request);
    await tell({ kind: 'answer', payload: toJson(answer) });
  } catch (error) {
    await tell({ kind: 'error', error: describe(error) });
  }
}

function toJson(answer: unknown): string | null {
  try {
    return JSON.stringify(answer) ?? null;
  } catch (error) {
    throw runtimeError(
      'Runtime.MarshalError',
      `Unable to stringify response body: ${error instanceof Error ? error.message : error}`,
      error,
    );
  }
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

function tell(message: BootstrapMessage): Promise<void> {
  return new Promise(resolve => channel?.(message, () => resolve()));
}
