import type { BudgetKey, ReportFinding } from '../findings-report.ts';
import { formatBytes, formatBytesPair, formatCount } from './bytes.ts';

type Of<C extends ReportFinding['code']> = Extract<ReportFinding, { readonly code: C }>;

const SETTINGS: Readonly<Record<BudgetKey, string>> = {
  zipped: '"budget": { "zipped": … }',
  unzipped: '"budget": { "unzipped": … }',
  zippedGrowth: '"budget": { "growth": … }',
  unzippedGrowth: '"budget": { "growth": … }',
  init: '"budget": { "initMs": … }',
};

const SHOWN = 10;

/** The words for what budgets and licences tell. */
export const REPORT_WORDINGS = {
  BUDGET_EXCEEDED: (finding: Of<'BUDGET_EXCEEDED'>) => ({
    message: describeBudget(finding),
    hint: `See what is large with \`lambda-slim analyze\`, and what grew with \`lambda-slim check --baseline\`; or allow more with ${SETTINGS[finding.budget]} in the config.`,
  }),
  LICENSE_TEXT_MISSING: ({ packages }: Of<'LICENSE_TEXT_MISSING'>) => ({
    message: `No licence text was found for ${listSome(packages)}, so the notices cannot give ${packages.length === 1 ? 'it' : 'them'}.`,
    hint: 'Most licences ask that their text is handed on: look it up at the source of the package, and add it with "include".',
  }),
};

function describeBudget({ budget, value, limit, before }: Of<'BUDGET_EXCEEDED'>): string {
  switch (budget) {
    case 'init':
      return `The function took ${formatMs(value)} to start, and its budget is ${formatMs(limit)}.`;
    case 'zipped':
    case 'unzipped': {
      const [size, most] = formatBytesPair(value, limit);
      return `The ${budget} size is ${size}, ${formatBytes(value - limit)} over the budget of ${most}.`;
    }
    case 'zippedGrowth':
    case 'unzippedGrowth': {
      const [size, most] = formatBytesPair(value, limit);
      const [then, now] = formatBytesPair(before ?? 0, (before ?? 0) + value);
      const what = budget === 'zippedGrowth' ? 'zipped' : 'unzipped';
      return `The ${what} size grew by ${size} since the baseline, from ${then} to ${now}, and the budget allows ${most}.`;
    }
    default:
      return budget satisfies never;
  }
}

function formatMs(ms: number): string {
  return `${formatCount(Math.round(ms))} ms`;
}

function listSome(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}
