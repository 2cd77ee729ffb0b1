import { limits } from '../platform/limits.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import { formatBar } from './format-bar.ts';
import { formatFindings } from './format-findings.ts';
import { formatGrowth } from './format-growth.ts';
import { formatSettings } from './format-settings.ts';
import { joinLines, wrapText } from './layout.ts';
import { printable } from './printable.ts';
import type { CheckedArtifact, CheckedOutput, CheckReport } from './reporter.ts';
import type { Style } from './style.ts';

/** The answer of `check`: both limits, and what was found. */
export function formatCheck(report: CheckReport, style: Style): string {
  const { artifact, layers, findings } = report;
  const platform = report.runtime ? `  ${report.runtime}${report.arch ? `, ${report.arch}` : ''}` : '';
  const state = findings.length === 0 ? ['', style.colors.green('Nothing found to complain about.')] : [];
  const unzippedBytes = [artifact, ...layers].reduce((sum, part) => sum + part.unzippedBytes, 0);
  return joinLines([
    `${style.colors.bold(nameOf(report))}${platform}`,
    `  ${formatContents(report)}`,
    ...layers.map(formatLayer),
    '',
    style.colors.bold('Limits of Lambda'),
    ...(artifact.zippedBytes === null
      ? []
      : [formatBar('zipped', artifact.zippedBytes, limits.zippedBytes, style)]),
    formatBar('unzipped', unzippedBytes, limits.unzippedBytes, style),
    ...formatSettings(report, style),
    ...formatGrowth(report.growth ?? null, style),
    ...formatFindings(findings, style),
    ...state,
    ...formatAdvice(report, style),
  ]);
}

/** The answer of `check` about all functions of an output folder. */
export function formatOutput({ path, tool, functions, findings }: CheckedOutput, style: Style): string {
  const head = `${style.colors.bold(printable(path))}  ${formatPlural(functions.length, 'function')} of ${tool}`;
  const others = findings.length > 0 ? [joinLines(formatFindings(findings, style))] : [];
  return [`${head}\n`, ...functions.map(report => formatCheck(report, style)), ...others].join('\n');
}

/** Of several in one folder their names come first. */
function nameOf({ name, artifact }: CheckReport): string {
  return name === null ? printable(artifact.path) : `${printable(name)}  ${printable(artifact.path)}`;
}

function formatContents({ artifact, natives }: CheckReport): string {
  const files = `${formatPlural(artifact.files, 'file')}${natives > 0 ? `, ${natives} native` : ''}`;
  return artifact.codeSha256 === null ? files : `${files}, CodeSha256 ${artifact.codeSha256}`;
}

function formatLayer({ path, files, unzippedBytes }: CheckedArtifact): string {
  return `  layer ${printable(path)}: ${formatPlural(files, 'file')}, ${formatBytes(unzippedBytes)} unzipped`;
}

/** Without a runtime half of what can be said of libraries is not said. */
function formatAdvice({ runtime, natives }: CheckReport, style: Style): readonly string[] {
  if (runtime !== null || natives === 0) return [];
  const advice =
    'With --runtime (and --arch) it also says whether the native libraries load there: glibc, missing libraries, ABI.';
  return ['', ...wrapText(advice, style.columns, '').map(line => style.colors.dim(line))];
}
