/** What of a function has a budget. */
export type BudgetKey = 'zipped' | 'unzipped' | 'zippedGrowth' | 'unzippedGrowth' | 'init';

/** What budgets and licences tell. */
export type ReportFinding = Readonly<
  /** Bytes, of `init` ms. `before` is what the baseline had, null but for growth. */
  | {
      code: 'BUDGET_EXCEEDED';
      level: 'error';
      budget: BudgetKey;
      value: number;
      limit: number;
      before: number | null;
    }
  | { code: 'LICENSE_TEXT_MISSING'; level: 'info'; packages: readonly string[] }
>;
