import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { makePool } from '../../src/gateway/function-pool.ts';
import type { Access } from '../../src/gateway/make-handler.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/gateway/start-server.ts';
import type { FunctionError, Invocation, InvokeOptions, LocalFunction } from '../../src/lambda/types.ts';
import { FAKE_ISOLATION } from '../helpers/fake-function.ts';
import { makeSettings } from './requests.ts';

export interface Served extends RunningServer {
  readonly notes: string[];
  readonly errors: unknown[];
  readonly accesses: Access[];
}

/** Serves functions on a free port while `use` runs. */
export async function withServer(
  functions: LocalFunction | readonly LocalFunction[],
  options: Partial<ServerOptions>,
  use: (served: Served) => Promise<void>,
): Promise<void> {
  const notes: string[] = [];
  const errors: unknown[] = [];
  const accesses: Access[] = [];
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    settings: makeSettings(),
    pool: makePool(Array.isArray(functions) ? functions : [functions]),
    language: 'nodejs',
    onAccess: access => accesses.push(access),
    onNote: note => notes.push(note),
    onError: error => errors.push(error),
    ...options,
  });
  try {
    await use({ ...server, notes, errors, accesses });
  } finally {
    await server.close();
  }
}

/** Sends bytes as they are and reads until the server closes, or has been silent after an answer. */
export async function sendRaw(port: number, text: string, end = '\r\n\r\n'): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let received = '';
  socket.setEncoding('latin1').on('data', chunk => {
    received += chunk;
  });
  socket.on('error', () => {});
  socket.write(text);
  while (!socket.closed && !received.endsWith(end)) await delay(2);
  socket.destroy();
  return received;
}

const REPORT = {
  requestId: '8f5a-request',
  durationMs: 5.2,
  billedMs: 6,
  memoryMiB: 1024,
  initMs: null,
  status: 'success',
  maxMemoryBytes: 50_000_000,
  readBytes: null,
  tmpBytes: null,
} as const;

/** A function whose invocations the test acts out. */
export function actingFunction(
  act: (event: string, options: InvokeOptions) => Promise<Invocation['outcome']>,
): LocalFunction {
  return {
    isolation: FAKE_ISOLATION,
    init: async () => null,
    async invoke(event, options = {}) {
      const outcome = await act(Buffer.from(event).toString('utf8'), options);
      return { outcome, report: REPORT, logs: 'a log line\n' };
    },
    reset: async () => {},
    loaded: async () => [],
    stop: async () => {},
  };
}

/** A function that streams parts, each when the one before has been taken by `next`. */
export function streamingFunction(
  parts: readonly (string | Uint8Array)[],
  { contentType = 'text/plain', error = null, next = () => delay(1) }: StreamOptions = {},
): LocalFunction {
  return actingFunction(async (_event, { onStart, onChunk }) => {
    const chunks = parts.map(part => Buffer.from(part as string));
    onStart?.(contentType);
    for (const chunk of chunks) {
      onChunk?.(chunk);
      await next();
    }
    return { kind: 'stream', body: Buffer.concat(chunks), contentType, error };
  });
}

interface StreamOptions {
  readonly contentType?: string;
  readonly error?: FunctionError | null;
  readonly next?: () => Promise<unknown>;
}
