import type { ReportedInvocation } from '../aws/lambda/invoke-with-report.ts';
import type { DeployedFunction } from '../aws/lambda/open-deployed.ts';
import { SlimError } from '../errors.ts';
import { closeSeries, isGivenUp, type OpenSeries, openSeries, record, rotate } from './collect-series.ts';
import { chooseEvent, largest, type Started, type StartPlan, toFailed } from './measure-start.ts';
import type { BenchSeries, BenchSubject, ColdStart } from './types.ts';

export interface DeployedContender {
  readonly subject: BenchSubject;
  readonly fn: Pick<DeployedFunction, 'invoke' | 'makeCold'>;
}

export interface DeployedPlan {
  readonly rounds: number;
  readonly warm: number;
  readonly events: readonly string[];
  readonly signal: AbortSignal;
  readonly onStart: () => void;
}

/** Starts of deployed functions: forced one after another, or as many at once as asked for, of which some will be cold. */
export async function measureDeployed(
  contenders: readonly DeployedContender[],
  plan: DeployedPlan,
): Promise<readonly BenchSeries[]> {
  const series = contenders.map(contender => ({ contender, open: openSeries(contender.subject, null) }));
  for (const { contender, open } of series)
    if (!contender.fn.makeCold) await startTogether(contender, open, plan);
  for (let round = 0; round < plan.rounds; round++)
    for (const { contender, open } of rotate(series, round))
      if (contender.fn.makeCold && !isGivenUp(open)) {
        throwIfCancelled(plan);
        await contender.fn.makeCold();
        record(open, await measureOne(contender, { ...plan, round }));
        plan.onStart();
      }
  return series.map(({ open }) => closeSeries(open));
}

async function startTogether(
  contender: DeployedContender,
  open: OpenSeries,
  plan: DeployedPlan,
): Promise<void> {
  const plans = Array.from({ length: plan.rounds }, (_, round) => ({ ...plan, round }));
  const firsts = await Promise.all(plans.map(one => contender.fn.invoke(chooseEvent(one, 0))));
  for (const [round, first] of firsts.entries()) {
    throwIfCancelled(plan);
    if (!isGivenUp(open)) record(open, await measureWarm(contender, { ...plan, round }, first));
    plan.onStart();
  }
}

async function measureOne(contender: DeployedContender, plan: StartPlan): Promise<Started> {
  return measureWarm(contender, plan, await contender.fn.invoke(chooseEvent(plan, 0)));
}

/** The warm invocations after a first one; what turns out to be a cold start is none of them. */
async function measureWarm(
  { fn }: DeployedContender,
  plan: StartPlan,
  first: ReportedInvocation,
): Promise<Started> {
  if (first.error) return toFailed(plan.round, 0, first.error);
  const warm: ReportedInvocation[] = [];
  for (let i = 1; i <= plan.warm; i++) {
    const invocation = await fn.invoke(chooseEvent(plan, i));
    if (invocation.error) return toFailed(plan.round, i, invocation.error);
    if (invocation.initMs === null) warm.push(invocation);
  }
  return { kind: 'start', start: toStart(first, warm) };
}

function toStart(first: ReportedInvocation, warm: readonly ReportedInvocation[]): ColdStart {
  return {
    initMs: first.initMs,
    firstMs: first.durationMs,
    waitMs: first.waitMs,
    warmMs: warm.map(({ durationMs }) => durationMs),
    maxMemoryBytes: largest([first, ...warm].map(({ maxMemoryBytes }) => maxMemoryBytes)),
    tmpBytes: null,
    readBytes: null,
  };
}

function throwIfCancelled({ signal }: DeployedPlan): void {
  if (signal.aborted) throw new SlimError('CANCELLED', []);
}
