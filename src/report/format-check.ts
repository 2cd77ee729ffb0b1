import { limits } from '../platform/limits.ts';
import { formatPlural } from './bytes.ts';
import { formatBar } from './format-bar.ts';
import { formatFindings } from './format-findings.ts';
import { printable } from './printable.ts';
import type { CheckReport } from './reporter.ts';
import type { Style } from './style.ts';
import { joinLines } from './text.ts';

/** The answer of `check`: both limits, and what was found. */
export function formatCheck(report: CheckReport, style: Style): string {
  const { artifact, findings } = report;
  const platform = report.runtime ? `  ${report.runtime}${report.arch ? `, ${report.arch}` : ''}` : '';
  const state = findings.length === 0 ? ['', style.colors.green('Nothing found to complain about.')] : [];
  return joinLines([
    `${style.colors.bold(printable(artifact.path))}${platform}`,
    `  ${formatPlural(artifact.files, 'file')}, CodeSha256 ${artifact.codeSha256}`,
    '',
    style.colors.bold('Limits of Lambda'),
    formatBar('zipped', artifact.zippedBytes, limits.zippedBytes, style),
    formatBar('unzipped', artifact.unzippedBytes, limits.unzippedBytes, style),
    ...formatFindings(findings, style),
    ...state,
  ]);
}
