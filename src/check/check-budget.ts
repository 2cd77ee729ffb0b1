import type { Finding } from '../findings.ts';
import type { BudgetKey } from '../findings-report.ts';
import type { Budget } from '../types.ts';

/** What is judged; sizes in bytes. Null is not known. */
export interface Spent {
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number | null;
  readonly initMs: number | null;
  /** Sizes of the baseline; null without one. */
  readonly before: { readonly zippedBytes: number | null; readonly unzippedBytes: number } | null;
}

/** Judges a function by its budget; growth only where there is a baseline, time only where it was measured. */
export function checkBudget(spent: Spent, budget: Budget): readonly Finding[] {
  return [
    ...judge('zipped', spent.zippedBytes, budget.zippedBytes),
    ...judge('unzipped', spent.unzippedBytes, budget.unzippedBytes),
    ...judge('init', spent.initMs, budget.initMs),
    ...judgeGrowth('zippedGrowth', spent.before?.zippedBytes ?? null, spent.zippedBytes, budget),
    ...judgeGrowth('unzippedGrowth', spent.before?.unzippedBytes ?? null, spent.unzippedBytes, budget),
  ];
}

function judge(key: BudgetKey, value: number | null, limit: number | null, before: number | null = null) {
  if (value === null || limit === null || value <= limit) return [];
  return [{ code: 'BUDGET_EXCEEDED', level: 'error', budget: key, value, limit, before } as const];
}

function judgeGrowth(key: BudgetKey, before: number | null, now: number | null, { growth }: Budget) {
  if (growth === null || before === null || now === null) return [];
  const limit = 'bytes' in growth ? growth.bytes : Math.floor((before * growth.percent) / 100);
  return judge(key, now - before, limit, before);
}
