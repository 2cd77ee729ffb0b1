import { randomUUID } from 'node:crypto';
import { SlimError } from '../errors.ts';
import { type ColdStart, coldStart } from './cold-start.ts';
import { formatVerdict } from './function-failures.ts';
import type { FunctionParts } from './function-runner.ts';
import type { LiveSandbox, SandboxPlan } from './live-sandbox.ts';
import { formatReportLine } from './report-line.ts';
import { type Order, type Served, serveOrder } from './run-invocation.ts';
import type { SandboxKeeper } from './sandbox-keeper.ts';
import type { FunctionError, Invocation, InvocationReport, Usage } from './types.ts';

export interface InvokeParts extends FunctionParts {
  readonly plan: SandboxPlan;
  readonly keeper: SandboxKeeper;
  readonly signal: AbortSignal;
}

/** Runs one event, in the sandbox that is there or in a new one, and tells what Lambda tells of it. Throws `CANCELLED`. */
export async function invokeOnce(order: Order, parts: InvokeParts): Promise<Invocation> {
  const { keeper, logs } = parts;
  logs.begin();
  return whileBusy(keeper, async () => {
    const warm = keeper.current();
    const run = warm ? await runWarm(warm, order, parts) : await runCold(order, parts);
    // It was gone before the event reached it.
    const done = run.served.wasDelivered ? run : await runAgain(order, parts);
    return conclude(order, done, parts);
  });
}

/** Starts a sandbox and gives how its init failed, if it did. Throws `CANCELLED`. */
export async function initOnce(parts: InvokeParts): Promise<FunctionError | null> {
  const { keeper } = parts;
  if (keeper.current()) return null;
  return whileBusy(keeper, async () => {
    const { initMs, failure } = await start(randomUUID(), parts, () => {});
    keeper.swapInit(initMs);
    if (failure?.outcome.kind !== 'error') return null;
    await keeper.drop();
    return failure.outcome.error;
  });
}

/** A sandbox in which something went wrong that nobody foresaw is not used again. */
async function whileBusy<T>(keeper: SandboxKeeper, work: () => Promise<T>): Promise<T> {
  keeper.setBusy(true);
  try {
    return await work();
  } catch (error) {
    await keeper.drop();
    throw error;
  } finally {
    keeper.setBusy(false);
  }
}

interface Run {
  readonly live: LiveSandbox;
  readonly initMs: number | null;
  readonly served: Served;
}

async function runWarm(live: LiveSandbox, order: Order, parts: InvokeParts): Promise<Run> {
  tellStart(order, parts);
  return { live, initMs: parts.keeper.swapInit(null), served: await serve(live, order, 0, parts) };
}

function runCold(order: Order, parts: InvokeParts): Promise<Run> {
  return runNew(order, parts, () => tellStart(order, parts));
}

function runAgain(order: Order, parts: InvokeParts): Promise<Run> {
  return runNew(order, parts, () => {});
}

async function runNew(order: Order, parts: InvokeParts, onInitEnd: () => void): Promise<Run> {
  await parts.keeper.drop();
  const started = await start(order.requestId, parts, onInitEnd);
  const { live, initMs, usedMs, failure } = started;
  return { live, initMs, served: failure ?? (await serve(live, order, usedMs, parts)) };
}

function start(requestId: string, parts: InvokeParts, onInitEnd: () => void): Promise<ColdStart> {
  const { keeper, plan, settings, logs, initLimitMs, signal } = parts;
  const { timeoutMs } = settings;
  const tellers = { tell: logs.tell, onInitEnd, onOpen: keeper.keep };
  return coldStart(plan, { requestId, initLimitMs, timeoutMs, signal, ...tellers });
}

async function serve(live: LiveSandbox, order: Order, usedMs: number, parts: InvokeParts): Promise<Served> {
  const { settings, signal } = parts;
  const served = await serveOrder(live, order, { timeoutMs: settings.timeoutMs, usedMs, signal });
  if (served === null) throw new SlimError('CANCELLED', []);
  return served;
}

async function conclude(
  order: Order,
  { live, initMs, served }: Run,
  parts: InvokeParts,
): Promise<Invocation> {
  const { settings, host, logs, keeper } = parts;
  const { requestId } = order;
  const { outcome, durationMs, status, verdict } = served;
  const usage = await live.sandbox.usage().catch(() => NO_USAGE);
  if (served.isGone) await keeper.drop();
  else await logs.settle(host.isolation.kind === 'container');
  const report: InvocationReport = {
    requestId,
    durationMs,
    billedMs: Math.ceil(durationMs + (initMs ?? 0)),
    memoryMiB: settings.memoryMiB,
    initMs,
    status,
    ...usage,
  };
  if (verdict) logs.tell(formatVerdict(verdict, requestId));
  logs.tell(`END RequestId: ${requestId}\n`);
  logs.tell(formatReportLine(report));
  return { outcome, report, logs: logs.kept() };
}

const NO_USAGE: Usage = { maxMemoryBytes: null, readBytes: null, tmpBytes: null };

function tellStart({ requestId }: Order, { logs }: InvokeParts): void {
  logs.tell(`START RequestId: ${requestId} Version: $LATEST\n`);
}
