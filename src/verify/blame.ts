import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifyFinding } from '../findings.ts';
import type { IsolationChoice, LocalSettings } from '../lambda/types.ts';
import type { Progress } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import { explainNothing, explainParted, explainUnsteady } from './explain-nothing.ts';
import { findGuilty, type Suspect } from './find-guilty.ts';
import type { Budget } from './find-minimal.ts';
import { mendOf } from './mend.ts';
import type { Probe } from './probe.ts';
import { type Side, type VerifyContext, withSide } from './side.ts';
import { makeTrialFolder, type TrialFolder } from './trial-folder.ts';

export interface BlameRequest {
  readonly original: LocalSettings;
  readonly slim: LocalSettings;
  readonly suspects: readonly Suspect[];
  /** What has to hold again: the events that failed. */
  readonly probes: readonly Probe[];
  readonly isolation: IsolationChoice;
  /** The slim function is in one folder here, of which a part lies elsewhere otherwise. */
  readonly isParted?: boolean;
}

export interface Blamed {
  readonly findings: readonly VerifyFinding[];
  /** How often a function was started for it. */
  readonly runs: number;
}

/** Where the search ends with the smallest set found so far: cold starts, and ms. */
const MOST_RUNS = 150;
const MOST_MS = 300_000;

/** Paths that a finding names. */
const MOST_SHOWN = 10;

/** Finds the smallest set of files whose return to the slim function mends it, and names the rules that took them. */
export async function blame(request: BlameRequest, context: VerifyContext): Promise<Blamed> {
  const dir = await mkdtemp(join(context.workDir, 'blame-'));
  try {
    const { original, slim, isolation } = request;
    const folder = await makeTrialFolder(original.code, slim.code, join(dir, 'task'));
    const settings = { ...slim, code: folder.code };
    // What a container sees may be a copy of the folder, made when it was opened.
    return isolation === 'container'
      ? await search(request, folder, use => withSide(settings, isolation, context, use), context)
      : await withSide(settings, isolation, context, side =>
          search(request, folder, use => use(side), context),
        );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

type WithSide = (use: (side: Side) => Promise<boolean>) => Promise<boolean>;

/**
 * One probe after the other, each with the files put back that those before it need: one cold start a trial, and what a fault hides
 * behind another one is found as well.
 */
async function search(
  { slim, suspects, probes, isParted = false }: BlameRequest,
  folder: TrialFolder,
  withTrial: WithSide,
  { progress }: VerifyContext,
): Promise<Blamed> {
  const trials = makeTrials(folder, withTrial, progress);
  const [unmended, unsteady]: [Probe[], Probe[]] = [[], []];
  let guilty: readonly Suspect[] = [];
  let isMinimal = true;
  for (const probe of probes) {
    if (!trials.budget.take()) {
      isMinimal = false;
      break;
    }
    const base = guilty;
    if (await trials.holds(probe, base)) {
      if (base.length === 0) unsteady.push(probe);
    } else if ((await trials.holds(probe, suspects)) || (await trials.holds(probe, suspects))) {
      const rest = suspects.filter(suspect => !base.includes(suspect));
      const found = await findGuilty(rest, part => trials.holds(probe, [...base, ...part]), trials.budget);
      guilty = [...base, ...found.items];
      isMinimal &&= found.isMinimal;
    } else {
      unmended.push(probe);
    }
  }
  const left = [
    ...(unmended.length > 0 ? [explainNothing(unmended, suspects, slim.runtime.language)] : []),
    ...(unsteady.length > 0 ? [isParted ? explainParted(unsteady) : explainUnsteady(unsteady)] : []),
  ];
  return { findings: [...toFindings(guilty, suspects, isMinimal), ...left], runs: trials.runs() };
}

interface Trials {
  readonly budget: Budget;
  readonly runs: () => number;
  /** Whether a probe holds with these files put back. */
  holds(probe: Probe, back: readonly Suspect[]): Promise<boolean>;
}

function makeTrials(folder: TrialFolder, withTrial: WithSide, progress: Progress): Trials {
  const end = performance.now() + MOST_MS;
  let runs = 0;
  return {
    budget: { take: () => runs < MOST_RUNS && performance.now() < end },
    runs: () => runs,
    async holds(probe, back) {
      await folder.restore(back.map(({ path }) => path));
      runs++;
      progress.tick(1);
      return withTrial(side => probe.holds(side));
    },
  };
}

/** One finding a rule. */
function toFindings(
  guilty: readonly Suspect[],
  suspects: readonly Suspect[],
  isMinimal: boolean,
): readonly VerifyFinding[] {
  const rules = new Map(guilty.map(({ rule }) => [rule.id, rule]));
  return [...rules.values()]
    .sort((a, b) => compareCodeUnits(a.id, b.id))
    .map(({ id, why }) => {
      const paths = pathsOf(guilty, id);
      return {
        code: 'VERIFY_BLAME',
        level: 'error',
        rule: id,
        why,
        paths: paths.slice(0, MOST_SHOWN),
        count: paths.length,
        isMinimal,
        mend: mendOf(
          id,
          paths,
          suspects.map(({ path }) => path),
        ),
      };
    });
}

function pathsOf(suspects: readonly Suspect[], id: string): readonly string[] {
  return suspects
    .filter(({ rule }) => rule.id === id)
    .map(({ path }) => path)
    .sort(compareCodeUnits);
}
