import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextRound } from 'node:timers/promises';
import type { FunctionError } from '../types.ts';
import type { Exchange, RuntimeRequest } from './exchange.ts';
import { refuse, refuseTransition, sendJson } from './replies.ts';
import { openRuntimeSession, type RuntimeSession, type SessionFacts } from './runtime-session.ts';
import { takeError, takeInitError, takeResponse } from './take-results.ts';

/** The Runtime API for one runtime process. */
export interface RuntimeApi {
  /** Host and port: `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Settles when the runtime waits for its first event: with null, or with why init failed. */
  readonly ready: Promise<FunctionError | null>;
  /** Gives an event to a runtime that is ready. */
  begin(request: RuntimeRequest): Exchange;
  /** Waits, not for long, until all that was sent by a process which is gone has been read. */
  drained(): Promise<void>;
  /** Tells those who asked for it that the sandbox is about to end, and gives them a little time. */
  shutDown(): Promise<void>;
  /** Hangs up. */
  close(): Promise<void>;
}

/** Some runtime clients send the whole trace of an error in one header. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024;

const DRAIN_ROUNDS = 100;
const DRAIN_PAUSE_MS = 5;

const RUNTIME = '/2018-06-01/runtime';
const EXTENSION = '/2020-01-01/extension';

type Answer = (call: {
  readonly session: RuntimeSession;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
}) => void | Promise<void>;

/** Method and path, where `*` is a request id, and what answers. */
const ROUTES: readonly (readonly [route: string, answer: Answer])[] = [
  [`GET ${RUNTIME}/invocation/next`, ({ session, response }) => giveNext(session, response)],
  [`POST ${RUNTIME}/invocation/*/response`, takeResponse],
  [`POST ${RUNTIME}/invocation/*/error`, takeError],
  [`POST ${RUNTIME}/init/error`, takeInitError],
  // Nothing is ever restored from a snapshot here.
  [`GET ${RUNTIME}/restore/next`, ({ response }) => void response.writeHead(200).end()],
  [`POST ${RUNTIME}/restore/error`, takeInitError],
  [
    `POST ${EXTENSION}/register`,
    ({ session, request, response }) => session.extensions.register(request, response),
  ],
  [
    `GET ${EXTENSION}/event/next`,
    ({ session, request, response }) => session.extensions.next(request, response),
  ],
  [
    `POST ${EXTENSION}/init/error`,
    ({ session, request, response }) => session.extensions.reportError(request, response),
  ],
  [
    `POST ${EXTENSION}/exit/error`,
    ({ session, request, response }) => session.extensions.reportError(request, response),
  ],
  ['PUT /2020-08-15/logs', ({ response }) => tellUnsupported(response, 'Logs')],
  ['PUT /2022-07-01/telemetry', ({ response }) => tellUnsupported(response, 'Telemetry')],
];

/** Opens the Runtime API on a free port of loopback. */
export async function openRuntimeApi(facts: SessionFacts): Promise<RuntimeApi> {
  const session = openRuntimeSession(facts);
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAlive: true }, (request, response) => {
    // Who hangs up in the middle finds no ear for it.
    response.on('error', () => {});
    void route(session, request, response);
  });
  // A function may think for a quarter of an hour between two requests of one connection, or within one.
  Object.assign(server, { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0, timeout: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve());
  });
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    ready: session.ready,
    begin: session.begin,
    async drained() {
      // Children of the process may hold its connections open.
      for (let round = 0; round < DRAIN_ROUNDS && sockets.size > 0; round++) await delay(DRAIN_PAUSE_MS);
      await nextRound();
    },
    shutDown: () => session.extensions.shutDown(),
    close: () => close(server),
  };
}

async function route(
  session: RuntimeSession,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const [, id = ''] = /\/invocation\/([^/]+)\/(?:response|error)$/.exec(path) ?? [];
  const pattern = `${request.method} ${id === '' ? path : path.replace(/\/[^/]+(\/[^/]+)$/, '/*$1')}`;
  const [, answer] = ROUTES.find(([known]) => known === pattern) ?? [];
  if (answer) return answer({ session, request, response, id: decodeURIComponent(id) });
  request.resume();
  refuse(response, 'NotFound', `${request.method} ${path} is not part of the Runtime API`);
}

function giveNext(session: RuntimeSession, response: ServerResponse): void {
  const phase = session.phase();
  if (phase === 'Running' || phase === 'InitError') refuseTransition(response, phase, 'Ready');
  else session.wait(response);
}

function tellUnsupported(response: ServerResponse, api: string): void {
  sendJson(response, 202, {
    errorMessage: `${api} API is not supported`,
    errorType: `${api}.NotSupported`,
  });
}

async function close(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
