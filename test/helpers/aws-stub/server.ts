import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultKind, Faults } from './faults.ts';
import { presigned } from './presigned.ts';
import { checkCaller, type Routed, route } from './route.ts';
import type { AccountState } from './state.ts';
import { Refusal, type Reply, type ServiceName } from './types.ts';

/** A request as it came; what it was answered is added when that is known, and stays null for a lost one. */
export interface StubRequest {
  readonly index: number;
  readonly service: ServiceName;
  /** `UpdateFunctionCode`; `Unknown` for what no service has. */
  readonly operation: string;
  /** Name of the function, layer or role, ARN of what is tagged, `bucket/key`. */
  target: string;
  readonly isWrite: boolean;
  /** Of the body, as far as it came. */
  bytes: number;
  readonly fault: FaultKind | null;
  status: number | null;
}

/** So much of a body is read before it is decided what goes wrong with it; what IAM is asked for is within that. */
const FIRST_BYTES = 64 * 1024;

/** Answers one request after the other, so that each finds what those before it left. */
export function createHandler(
  state: AccountState,
  requests: StubRequest[],
  faults: Faults,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return async (request, response) => {
    const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
    const start = await readSome(chunks, FIRST_BYTES).catch(() => null);
    if (start === null) return;
    const record = meet(route(request, start, state));
    if (record.fault === 'drop-during') return cut(request);
    const rest = await readSome(chunks, Number.POSITIVE_INFINITY).catch(() => null);
    if (rest === null) return;
    const routed = route(request, Buffer.concat([start, rest]), state);
    Object.assign(record, { bytes: routed.call.body.length, target: routed.service.target(routed.call) });
    const turn = last.then(() => serve(request, response, routed, record));
    last = turn.catch(() => {});
    await turn;
  };

  function meet({ service, call, isWrite }: Routed): StubRequest {
    const { operation, body } = call;
    const index = requests.length;
    const fault = faults.meet(index, operation);
    const record = { index, service: service.name, operation, target: service.target(call), isWrite };
    requests.push({ ...record, bytes: body.length, fault, status: null });
    return requests[index] as StubRequest;
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    routed: Routed,
    record: StubRequest,
  ): Promise<void> {
    const reply = await withFault(record.fault, routed, request, state);
    if (reply === 'lost') cut(request);
    if (typeof reply === 'string') return;
    record.status = reply.status;
    response.writeHead(reply.status, { ...reply.headers, 'x-amzn-RequestId': `stub-${record.index}` });
    response.end(request.method === 'HEAD' ? undefined : reply.body);
  }
}

function cut({ socket }: IncomingMessage): void {
  socket.resetAndDestroy();
}

/** Reads on until there are so many bytes, or no more. */
async function readSome(chunks: AsyncIterator<Buffer>, bytes: number): Promise<Buffer> {
  const read: Buffer[] = [];
  for (let sum = 0; sum < bytes; ) {
    const next = await chunks.next();
    if (next.done) break;
    read.push(next.value);
    sum += next.value.length;
  }
  return Buffer.concat(read);
}

async function withFault(
  fault: FaultKind | null,
  routed: Routed,
  request: IncomingMessage,
  state: AccountState,
): Promise<Reply | 'lost' | 'silent'> {
  const { service } = routed;
  if (fault === 'throttle') return service.toReply(service.throttled);
  if (fault === 'error') return service.toReply(service.broken);
  if (fault === 'conflict') return service.toReply(service.conflict);
  if (fault === 'drop-before') return 'lost';
  if (fault === 'hang') return 'silent';
  const reply = await perform(routed, request, state);
  return fault === 'drop-after' ? 'lost' : fault === 'hang-after' ? 'silent' : reply;
}

async function perform(
  { service, call, answer }: Routed,
  request: IncomingMessage,
  state: AccountState,
): Promise<Reply> {
  try {
    if (service !== presigned) checkCaller(request, call, state);
    return await answer(call, state);
  } catch (error) {
    if (error instanceof Refusal) return service.toReply(error);
    return service.toReply(new Refusal(500, 'StubFailure', `[stub] ${(error as Error).stack}`));
  }
}
