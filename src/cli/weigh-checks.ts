import { basename, resolve } from 'node:path';
import { checkBudget } from '../check/check-budget.ts';
import { loadBudgets } from '../config/resolve-budget.ts';
import {
  type BaselineFunction,
  readBaseline,
  toBaselineFunction,
  writeBaseline,
} from '../inventory/baseline.ts';
import { compareWithBaseline } from '../inventory/compare.ts';
import { makeBringers } from '../inventory/find-bringers.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { CheckReport } from '../report/reporter.ts';
import type { Budget } from '../types.ts';
import { refuseOverwriting } from './refuse-overwriting.ts';
import type { Session } from './session.ts';

export const DEFAULT_BASELINE = 'lambda-slim-baseline.json';

/** What a function was that a baseline does not know. */
const NOTHING: BaselineFunction = { zippedBytes: 0, unzippedBytes: 0, items: [] };

export interface WeighArgs {
  readonly artifact?: string | undefined;
  readonly config?: string | undefined;
  readonly function?: readonly string[] | undefined;
  readonly baseline?: string | undefined;
  readonly 'save-baseline'?: string | undefined;
}

/** A checked function, what it weighs by package, and who brings a package. */
interface Weighed {
  readonly name: string;
  readonly report: CheckReport;
  readonly sums: BaselineFunction | null;
  readonly bringersOf: (name: string) => readonly string[];
}

/**
 * Judges checked functions by the budgets of the config and says what grew since the baseline; writes a new baseline where that is
 * asked for. Reads the artifacts again, which therefore have to be there still. Throws what reading a baseline, a config and zips
 * throws.
 */
export async function weighChecks(
  reports: readonly CheckReport[],
  args: WeighArgs,
  session: Session,
): Promise<readonly CheckReport[]> {
  const { io } = session;
  const saveTo = args['save-baseline'];
  const baseline = args.baseline === undefined ? null : await readBaseline(resolve(io.cwd, args.baseline));
  const inputs = reports.flatMap(({ artifact, layers }) => [
    artifact.path,
    ...layers.map(({ path }) => path),
  ]);
  if (saveTo !== undefined) refuseOverwriting('--save-baseline', resolve(io.cwd, saveTo), inputs, 'check');
  const isNeeded = baseline !== null || saveTo !== undefined;
  const weighed: Weighed[] = [];
  for (const report of reports) weighed.push(await weigh(report, args, isNeeded, session));
  const budgets = await findBudgets(args, session);
  const before = new Map(Object.entries(baseline?.functions ?? {}));
  const judged = weighed.map(one =>
    judge(one, findBefore(one, weighed, before), findBudget(one, budgets, weighed), baseline !== null),
  );
  if (saveTo !== undefined) {
    const sums = weighed.flatMap(({ name, sums }) => (sums ? [[name, sums] as const] : []));
    await writeBaseline(resolve(io.cwd, saveTo || DEFAULT_BASELINE), Object.fromEntries(sums));
  }
  return judged;
}

async function weigh(
  report: CheckReport,
  { function: names }: WeighArgs,
  isNeeded: boolean,
  { io }: Session,
): Promise<Weighed> {
  const named = names?.length === 1 ? names[0] : undefined;
  const plain = report.name ?? named ?? basename(report.artifact.path).replace(/\.zip$/, '');
  if (!isNeeded) return { name: plain, report, sums: null, bringersOf: () => [] };
  const signal = io.signal ?? new AbortController().signal;
  const parts = [];
  for (const { path } of [report.artifact, ...report.layers]) parts.push(await readInventory(path, signal));
  return {
    name: report.name ?? named ?? parts[0]?.name ?? plain,
    report,
    sums: toBaselineFunction(parts),
    bringersOf: makeBringers(parts.flatMap(({ packages }) => packages)),
  };
}

/** A config counts where it is asked for: by name, by a function of it, or since nothing else names the artifact. */
function findBudgets(
  { artifact, config, function: names }: WeighArgs,
  { io }: Session,
): Promise<ReadonlyMap<string, Budget>> {
  const isAsked = artifact === undefined || config !== undefined || names !== undefined;
  return isAsked ? loadBudgets(io.cwd, config ?? io.env.LAMBDA_SLIM_CONFIG) : Promise.resolve(new Map());
}

/** The only function is the only one of a baseline or a config, whatever its name. */
function findBefore(
  { name }: Weighed,
  all: readonly Weighed[],
  before: ReadonlyMap<string, BaselineFunction>,
): BaselineFunction | null {
  const only = all.length === 1 && before.size === 1 ? [...before.values()][0] : undefined;
  return before.get(name) ?? only ?? null;
}

function findBudget(
  { name }: Weighed,
  budgets: ReadonlyMap<string, Budget>,
  all: readonly Weighed[],
): Budget | null {
  const distinct = new Set(budgets.values());
  const only = all.length === 1 && distinct.size === 1 ? [...distinct][0] : undefined;
  return budgets.get(name) ?? only ?? null;
}

function judge(
  { report, sums, bringersOf }: Weighed,
  before: BaselineFunction | null,
  budget: Budget | null,
  isCompared: boolean,
): CheckReport {
  const growth = sums && isCompared ? compareWithBaseline(before ?? NOTHING, sums, bringersOf) : null;
  const parts = [report.artifact, ...report.layers];
  const spent = {
    zippedBytes: report.artifact.zippedBytes,
    unzippedBytes: parts.reduce((sum, part) => sum + part.unzippedBytes, 0),
    initMs: null,
    before,
  };
  const found = budget ? checkBudget(spent, budget) : [];
  return { ...report, growth, findings: [...report.findings, ...found] };
}
