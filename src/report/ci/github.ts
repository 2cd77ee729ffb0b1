import type { FindingLevel } from '../../findings.ts';
import { formatBytes } from '../bytes.ts';
import { printableLines } from '../printable.ts';
import { wordFinding } from '../wording.ts';
import { countFindings, type Judged, sortFindings } from './judged.ts';

const COMMANDS: Readonly<Record<FindingLevel, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
};

/** Findings as workflow commands, which GitHub shows as annotations, and a last line with the sizes. */
export function toGithub(judged: readonly Judged[]): string {
  const lines = sortFindings(judged).map(({ of, finding }) => {
    const { message, hint, lines = [] } = wordFinding(finding);
    const title = `${finding.code} (${of.name})`;
    return annotate(COMMANDS[finding.level], title, [message, hint, ...lines].join('\n'));
  });
  const sizes = judged.flatMap(({ zippedBytes, unzippedBytes }) => {
    const zipped = zippedBytes === null ? '' : `${formatBytes(zippedBytes)} zipped, `;
    return unzippedBytes === null ? [] : `${zipped}${formatBytes(unzippedBytes)} unzipped`;
  });
  const last = [`lambda-slim: ${countFindings(judged)}`, ...sizes].join('; ');
  return `${[...lines, last].join('\n')}\n`;
}

/** One workflow command; whatever is in it cannot become another one. */
export function annotate(command: string, title: string, message: string): string {
  return `::${command} title=${escapeProperty(title)}::${escapeData(message)}`;
}

/** As GitHub's own toolkit does (https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts); what nobody sees is written out. */
function escapeData(text: string): string {
  return printableLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
