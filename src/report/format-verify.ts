import type { Finding } from '../findings.ts';
import type { RunFigures, VerifyReport } from '../types.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import { formatFindings } from './format-findings.ts';
import { formatTable, joinLines } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** One artifact that was verified. */
export interface VerifiedArtifact {
  readonly artifact: string;
  readonly report: VerifyReport;
  readonly findings: readonly Finding[];
}

/** The answer of `verify`: whether they are the same, on what, and how long both took. */
export function formatVerified({ artifact, report, findings }: VerifiedArtifact, style: Style): string {
  return joinLines([
    `${style.colors.bold(printable(artifact))}  ${formatVerdict(report, style)}`,
    ...formatVerify(report).map(line => `  ${line}`),
    ...formatFindings(findings, style),
  ]);
}

/** The lines that tell of a verification, also in the summary of a build. */
export function formatVerify(report: VerifyReport): readonly string[] {
  const { events, natives, original, slim, ms, blameRuns, isolation } = report;
  const what = original ? 'the original' : 'recorded answers';
  const ran =
    events.length > 0
      ? `${formatPlural(events.length, 'event')}, each in a fresh sandbox and once more, against ${what}`
      : `no events: ${original ? 'both were' : 'it was'} only started`;
  const blamed = blameRuns > 0 ? `, ${formatPlural(blameRuns, 'run')} of it to find who is to blame` : '';
  return [
    ran,
    ...(natives > 0 ? [`${formatPlural(natives, 'native file')} loaded by both`] : []),
    `with ${isolation.interpreter}${isolation.exactInterpreter ? '' : ' (not the version of the runtime)'}, ${describeIsolation(report)}; ${formatSeconds(ms)}${blamed}`,
    ...formatFigures(original, slim),
  ];
}

function formatVerdict({ same }: VerifyReport, { colors }: Style): string {
  return same ? colors.green('same') : colors.red('different');
}

function describeIsolation({ isolation }: VerifyReport): string {
  switch (isolation.kind) {
    case 'namespace':
    case 'user-namespace':
      return "in a sandbox with Lambda's paths";
    case 'container':
      return 'in a container';
    case 'process':
      return "in a plain process, without Lambda's paths";
    default:
      return isolation.kind satisfies never;
  }
}

/** Medians of a few runs on this machine: a hint, where `bench` measures. */
function formatFigures(original: RunFigures | null, slim: RunFigures): readonly string[] {
  if (slim.coldMs === null) return [];
  const rows = [
    ['', 'init', 'first', 'warm', 'memory'],
    ...(original ? [toRow('original', original)] : []),
    toRow('slim', slim),
  ];
  return formatTable(rows, [false, true, true, true, true], '');
}

function toRow(name: string, { initMs, coldMs, warmMs, maxMemoryBytes }: RunFigures): readonly string[] {
  const memory = maxMemoryBytes === null ? '' : formatBytes(maxMemoryBytes);
  return [name, ...[initMs, coldMs, warmMs].map(formatMs), memory];
}

function formatMs(ms: number | null): string {
  return ms === null ? '' : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
