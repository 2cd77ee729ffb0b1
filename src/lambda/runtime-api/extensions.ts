import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { RuntimeRequest } from './exchange.ts';
import { readBody } from './read-body.ts';
import { accept, type Refusal, refuse, sendJson } from './replies.ts';

/** Those who registered at the Extensions API. Only a library of the function itself can; programs in /opt/extensions are not started. */
export interface Extensions {
  register(request: IncomingMessage, response: ServerResponse): Promise<void>;
  next(request: IncomingMessage, response: ServerResponse): void;
  /** One that tells of its own failure. */
  reportError(request: IncomingMessage, response: ServerResponse): void;
  /** True when each waits for an event. */
  areIdle(): boolean;
  tellInvoke(request: RuntimeRequest): void;
  /** Tells of the end of the sandbox, and waits until those who asked for that are gone, or for so long as Lambda does. */
  shutDown(): Promise<void>;
}

interface Extension {
  readonly events: readonly string[];
  waiter: ServerResponse | null;
}

interface ExtensionEvent {
  readonly eventType: string;
  readonly [field: string]: unknown;
}

interface ExtensionFacts {
  readonly functionName: string;
  readonly handler: string;
}

const EVENTS = ['INVOKE', 'SHUTDOWN'];
const MAX_BODY_BYTES = 65_536;
/** What Lambda leaves to extensions between SHUTDOWN and the end. */
const SHUTDOWN_MS = 2000;

type Known = Map<string, Extension>;

export function openExtensions(
  facts: ExtensionFacts,
  { isStarting, onIdle }: { readonly isStarting: () => boolean; readonly onIdle: () => void },
): Extensions {
  const known: Known = new Map();
  return {
    async register(request, response) {
      const events = await readEvents(request);
      const refusal = findRefusal(request, events, isStarting());
      if (refusal) refuse(response, ...refusal);
      else answerRegistration(known, facts, events ?? [], response);
    },
    next(request, response) {
      const extension = find(known, request, response);
      if (!extension) return;
      extension.waiter = response;
      onIdle();
    },
    reportError(request, response) {
      request.resume();
      if (find(known, request, response)) accept(response);
    },
    areIdle: () => [...known.values()].every(({ waiter }) => waiter !== null),
    tellInvoke({ requestId, deadlineMs, functionArn, traceId }) {
      const tracing = { type: 'X-Amzn-Trace-Id', value: traceId };
      const event = { eventType: 'INVOKE', deadlineMs, requestId, invokedFunctionArn: functionArn, tracing };
      send(known, event);
    },
    async shutDown() {
      const deadlineMs = Date.now() + SHUTDOWN_MS;
      const gone = send(known, { eventType: 'SHUTDOWN', shutdownReason: 'spindown', deadlineMs });
      const late = delay(SHUTDOWN_MS, undefined, { ref: false });
      if (gone.length > 0) await Promise.race([Promise.all(gone), late]);
    },
  };
}

function find(known: Known, request: IncomingMessage, response: ServerResponse): Extension | null {
  const id = String(request.headers['lambda-extension-identifier'] ?? '');
  const extension = known.get(id);
  if (extension) return extension;
  if (id === '') refuse(response, 'Extension.MissingHeader', 'Missing Lambda-Extension-Identifier header');
  else refuse(response, 'Extension.UnknownExtensionIdentifier', `Unknown extension ${id}`);
  return null;
}

function findRefusal(
  { headers }: IncomingMessage,
  events: readonly string[] | null,
  isStarting: boolean,
): [Refusal, string] | null {
  if (!headers['lambda-extension-name']) return ['Extension.InvalidExtensionName', 'Empty extension name'];
  if (!isStarting) return ['InvalidStateTransition', 'Extensions register during init'];
  if (events === null) return ['InvalidRequestFormat', 'Could not parse the body of register'];
  const odd = events.find(event => !EVENTS.includes(event));
  return odd === undefined ? null : ['Extension.InvalidEventType', `${odd}: no such event type`];
}

function answerRegistration(
  known: Known,
  { functionName, handler }: ExtensionFacts,
  events: readonly string[],
  response: ServerResponse,
): void {
  const id = randomUUID();
  known.set(id, { events, waiter: null });
  const facts = { functionName, functionVersion: '$LATEST', handler };
  sendJson(response, 200, facts, { 'Lambda-Extension-Identifier': id });
}

/** Tells those who asked for this kind of event; gives for each when its connection ends. */
function send(known: Known, event: ExtensionEvent): readonly Promise<unknown>[] {
  const ends: Promise<unknown>[] = [];
  for (const [id, extension] of known) {
    const { waiter } = extension;
    if (!waiter || !extension.events.includes(event.eventType)) continue;
    extension.waiter = null;
    if (waiter.socket) ends.push(once(waiter.socket, 'close'));
    sendJson(waiter, 200, event, { 'Lambda-Extension-Identifier': id });
  }
  return ends;
}

/** Null for what is no list of events. */
async function readEvents(request: IncomingMessage): Promise<readonly string[] | null> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body.kind !== 'whole') return null;
  try {
    const { events = [] } = JSON.parse(body.bytes.toString() || '{}') as { events?: unknown };
    return Array.isArray(events) && events.every(event => typeof event === 'string') ? events : null;
  } catch {
    return null;
  }
}
