import type { Finding, FindingLevel } from '../findings.ts';
import { wrapText } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { wordFinding } from './wording.ts';

const ORDER: readonly FindingLevel[] = ['error', 'warning', 'info'];

/** Findings with what to do about each, errors first; no lines when there are none. */
export function formatFindings(findings: readonly Finding[], style: Style): readonly string[] {
  if (findings.length === 0) return [];
  const sorted = ORDER.flatMap(level => findings.filter(finding => finding.level === level));
  return ['', style.colors.bold('Findings'), ...sorted.flatMap(finding => formatFinding(finding, style))];
}

function formatFinding(finding: Finding, style: Style): readonly string[] {
  const { message, hint, lines = [] } = wordFinding(finding);
  return [
    `  ${paintLevel(finding.level, style)}  ${finding.code}`,
    ...wrapText(printable(message), style.columns, '    '),
    ...wrapText(printable(hint), style.columns, '    ').map(line => style.colors.dim(line)),
    ...lines.map(line => `      ${printable(line)}`.trimEnd()),
  ];
}

function paintLevel(level: FindingLevel, { colors }: Style): string {
  switch (level) {
    case 'error':
      return colors.red('error');
    case 'warning':
      return colors.yellow('warning');
    case 'info':
      return colors.cyan('info');
    default:
      return level satisfies never;
  }
}
