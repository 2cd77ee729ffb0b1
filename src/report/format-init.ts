import { joinLines } from './layout.ts';
import { printable } from './printable.ts';
import type { InitReport } from './reporter.ts';
import type { Style } from './style.ts';

/** What `init` found and wrote, and the next command. */
export function formatInit(report: InitReport, { colors }: Style): string {
  return joinLines([
    `${colors.bold('Wrote')} ${printable(report.written)}`,
    '',
    colors.bold('Found'),
    ...report.found.map(line => `  ${printable(line)}`),
    '',
    `${colors.bold('Next')}  ${report.next}`,
  ]);
}
