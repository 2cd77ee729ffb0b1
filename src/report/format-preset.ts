import { formatBytes, formatPlural } from './bytes.ts';
import { formatTable, joinLines, wrapText } from './layout.ts';
import { printable } from './printable.ts';
import type { PresetReport, RecordReport } from './reporter.ts';
import type { Style } from './style.ts';

/** What `preset record` wrote. */
export function formatRecord(report: RecordReport): string {
  const size = `${formatPlural(report.files, 'file')}, ${formatBytes(report.bytes)}`;
  return joinLines([`Wrote ${printable(report.listing)}  (${size} in ${printable(report.folder)})`]);
}

/** What each rule of a preset takes, for each CPU. */
export function formatPreset(report: PresetReport, style: Style): string {
  const version = report.version ? ` ${report.version}` : '';
  return joinLines([
    `${style.colors.bold(printable(report.preset))}${version}  ${printable(report.source)}`,
    ...report.archs.flatMap(check => formatArch(check, style)),
    ...report.warnings.flatMap(warning => [
      '',
      style.colors.yellow('warning'),
      ...wrapText(printable(warning), style.columns, '  '),
    ]),
  ]);
}

function formatArch(check: PresetReport['archs'][number], { colors }: Style): readonly string[] {
  const rows = [
    ...check.rules.map(({ id, files, bytes }) => [
      formatBytes(bytes),
      formatPlural(files, 'file'),
      printable(id),
    ]),
    [formatBytes(check.keptBytes), formatPlural(check.keptFiles, 'file'), '(kept)'],
  ];
  const spared =
    check.sparedFiles > 0 ? [`  ${formatPlural(check.sparedFiles, 'file')} held by a keep rule`] : [];
  return ['', colors.bold(check.arch), ...formatTable(rows, [true, true, false]), ...spared];
}
