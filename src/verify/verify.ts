import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifyFinding } from '../findings.ts';
import type { IsolationChoice, LocalSettings } from '../lambda/types.ts';
import type { NamedEvent, VerifyOptions, VerifyReport } from '../types.ts';
import { blame } from './blame.ts';
import { explainNothing } from './explain-nothing.ts';
import { toFigures } from './figures.ts';
import type { Suspect } from './find-guilty.ts';
import { joinAlike } from './join-alike.ts';
import type { Probe } from './probe.ts';
import { runEvents } from './run-events.ts';
import { runInits } from './run-inits.ts';
import { type Side, type VerifyContext, withSide } from './side.ts';

export type { Suspect } from './find-guilty.ts';
export type { OpenFunction, VerifyContext } from './side.ts';

export interface VerifyRequest {
  /** Null: the slim function is compared with recorded answers only. */
  readonly original: LocalSettings | null;
  readonly slim: LocalSettings;
  readonly events: readonly NamedEvent[];
  readonly options: VerifyOptions;
  /** What the slim function lacks or has changed; asked for only when it fails. */
  readonly suspects: () => Promise<readonly Suspect[]>;
  /** Where a part of the slim function lies on a mount: the folder into which files are put back, with all of it. */
  readonly whole?: (() => Promise<string>) | undefined;
  readonly isolation: IsolationChoice;
}

export interface Verified {
  readonly report: VerifyReport;
  readonly findings: readonly VerifyFinding[];
  /** What the slim function printed. */
  readonly logs: string;
}

/** What running both functions showed. */
export interface Observed {
  readonly findings: readonly VerifyFinding[];
  /** Native files that both loaded. */
  readonly natives: number;
  /** What the slim function did not do as the original does. */
  readonly failed: readonly Probe[];
}

/**
 * Runs the original and the slim function on the same events, cold and warm, and compares their answers and the native files that
 * they load. Where they differ, it finds the files whose return mends it. Nothing of it is left in `context.workDir`. Throws what says
 * that a function cannot be run at all, `ANSWER_INVALID`, `CANCELLED`.
 */
export async function verify(request: VerifyRequest, outer: VerifyContext): Promise<Verified> {
  const started = performance.now();
  const workDir = await mkdtemp(join(outer.workDir, 'verify-'));
  const context: VerifyContext = { ...outer, workDir };
  context.progress.start('verify', request.events.length || 1);
  try {
    const { observed, report, logs } = await observe(request, context);
    const blamed = await findBlame(request, observed, context);
    const findings = [...joinAlike(observed.findings, request.events.length), ...blamed.findings];
    const same = !findings.some(({ level }) => level === 'error');
    const ms = Math.round(performance.now() - started);
    context.progress.done(same ? 'same' : 'differs');
    return { report: { ...report, same, blameRuns: blamed.runs, ms }, findings, logs };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

type Observation = {
  readonly observed: Observed;
  readonly logs: string;
  readonly report: Omit<VerifyReport, 'same' | 'blameRuns' | 'ms'>;
};

function observe(request: VerifyRequest, context: VerifyContext): Promise<Observation> {
  const { original, slim, isolation, events } = request;
  const run = async (slimSide: Side, originalSide: Side | null): Promise<Observation> => {
    const look = events.length > 0 ? runEvents : runInits;
    const observed = await look(request, { original: originalSide, slim: slimSide }, context);
    return {
      observed,
      logs: slimSide.runs.map(({ logs }) => logs).join(''),
      report: {
        events: events.map(({ name }) => name),
        natives: observed.natives,
        isolation: slimSide.fn.isolation,
        original: originalSide && toFigures(originalSide.runs),
        slim: toFigures(slimSide.runs),
      },
    };
  };
  return withSide(slim, isolation, context, slimSide =>
    original
      ? withSide(original, isolation, context, originalSide => run(slimSide, originalSide))
      : run(slimSide, null),
  );
}

/** Without the original there is nothing to put back. */
async function findBlame(
  { original, slim, isolation, suspects, whole }: VerifyRequest,
  { failed }: Observed,
  context: VerifyContext,
): Promise<{ readonly findings: readonly VerifyFinding[]; readonly runs: number }> {
  if (original === null || failed.length === 0) return { findings: [], runs: 0 };
  const found = await suspects();
  if (found.length === 0)
    return { findings: [explainNothing(failed, found, slim.runtime.language)], runs: 0 };
  const code = whole ? await whole() : slim.code;
  const request = { original, slim: { ...slim, code }, suspects: found, probes: failed, isolation };
  return blame({ ...request, isParted: whole !== undefined }, context);
}
