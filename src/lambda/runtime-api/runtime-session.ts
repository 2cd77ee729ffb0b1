import type { ServerResponse } from 'node:http';
import { makeDeferred } from '../deferred.ts';
import type { FunctionError } from '../types.ts';
import { type Exchange, type OpenExchange, openExchange, type RuntimeRequest } from './exchange.ts';
import { type Extensions, openExtensions } from './extensions.ts';

/** Where the runtime stands, in the words of Lambda. */
export type Phase =
  | 'Started'
  | 'InitError'
  | 'Ready'
  | 'Running'
  | 'InvocationResponse'
  | 'InvocationErrorResponse';

/** The life of one runtime process as its API sees it. */
export interface RuntimeSession {
  readonly extensions: Extensions;
  /** Settles when the runtime and its extensions wait for the first event: with null, or with why init failed. */
  readonly ready: Promise<FunctionError | null>;
  phase(): Phase;
  setPhase(phase: Phase): void;
  failInit(error: FunctionError): void;
  /** The runtime waits for an event; `response` will carry it. */
  wait(response: ServerResponse): void;
  current(): OpenExchange | null;
  begin(request: RuntimeRequest): Exchange;
}

export interface SessionFacts {
  readonly functionName: string;
  readonly handler: string;
}

/** What changes while a runtime lives. */
interface State {
  phase: Phase;
  /** The request that waits for an event. */
  waiter: ServerResponse | null;
  current: OpenExchange | null;
}

export function openRuntimeSession(facts: SessionFacts): RuntimeSession {
  const ready = makeDeferred<FunctionError | null>();
  const state: State = { phase: 'Started', waiter: null, current: null };
  const isStarting = (): boolean => state.phase === 'Started';
  const checkIdle = (): void => {
    if (state.phase !== 'Ready' || !extensions.areIdle()) return;
    ready.resolve(null);
    if (state.current?.wasDelivered()) state.current.finish();
  };
  const extensions = openExtensions(facts, { isStarting, onIdle: checkIdle });
  return {
    extensions,
    ready: ready.promise,
    phase: () => state.phase,
    setPhase(phase) {
      state.phase = phase;
    },
    failInit(error) {
      state.phase = 'InitError';
      ready.resolve(error);
    },
    wait(response) {
      takeWaiter(state, response);
      checkIdle();
      deliver(state, extensions);
    },
    current: () => state.current,
    begin(request) {
      state.current = openExchange(request);
      deliver(state, extensions);
      return state.current;
    },
  };
}

/** Only the last that asks gets an event; it may hang up before there is one. */
function takeWaiter(state: State, response: ServerResponse): void {
  state.phase = 'Ready';
  state.waiter?.destroy();
  state.waiter = response;
  response.once('close', () => {
    if (state.waiter === response) state.waiter = null;
  });
}

function deliver(state: State, extensions: Extensions): void {
  const { waiter, current } = state;
  if (!waiter || !current || current.wasDelivered()) return;
  sendEvent(waiter, current.request);
  current.deliver();
  state.waiter = null;
  state.phase = 'Running';
  extensions.tellInvoke(current.request);
}

/** Hands an event to the runtime, with all that Lambda tells of it. */
function sendEvent(response: ServerResponse, request: RuntimeRequest): void {
  const { clientContext } = request;
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': request.event.length,
    'Lambda-Runtime-Aws-Request-Id': request.requestId,
    'Lambda-Runtime-Deadline-Ms': String(request.deadlineMs),
    'Lambda-Runtime-Invoked-Function-Arn': request.functionArn,
    'Lambda-Runtime-Trace-Id': request.traceId,
    // A header holds bytes; those of the text in UTF-8, as on Lambda.
    ...(clientContext === null
      ? {}
      : { 'Lambda-Runtime-Client-Context': Buffer.from(clientContext).toString('latin1') }),
  });
  response.end(request.event);
}
