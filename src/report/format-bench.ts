import type { BenchComparison, BenchReport } from '../cold-start/types.ts';
import { type Table, titleOf, toSizeTable, toTimeTables } from './bench-table.ts';
import {
  describeComparison,
  describeFailures,
  describeHost,
  describeIsolations,
  describePlan,
  listNotes,
} from './bench-words.ts';
import { formatTable, joinLines, shorten, wrapText } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** What the columns beside the name take at most. */
const FIGURES_WIDTH = 66;
const LEAST_NAME = 14;

/** The answer of `bench`: sizes, times by state of the page cache, comparisons, failures, and what to know of them. */
export function formatBench(report: BenchReport, style: Style): string {
  const sizes = toSizeTable(report);
  return joinLines([
    `${style.colors.bold('Cold starts')}  ${describePlan(report)}`,
    ...wrap([describeHost(report), ...describeIsolations(report)], style),
    ...(sizes ? formatOne(sizes, style) : []),
    ...toTimeTables(report).flatMap(table => formatOne({ ...table, title: `${table.title}, ms` }, style)),
    ...formatComparisons(report.comparisons, style),
    ...formatFailures(report, style),
    ...formatNotes(report, style),
  ]);
}

function formatOne({ title, head, rows, right }: Table, { colors, columns }: Style): readonly string[] {
  const width = Math.max(LEAST_NAME, columns - FIGURES_WIDTH);
  const named = rows.map(([name = '', ...figures]) => [shorten(printable(name), width), ...figures]);
  const [titles = '', ...lines] = formatTable([head, ...named], right);
  return ['', colors.bold(title), colors.dim(titles), ...lines];
}

/** A block for each pair that was compared. */
function formatComparisons(comparisons: readonly BenchComparison[], { colors }: Style): readonly string[] {
  const key = ({ base, other, cache }: BenchComparison): string => JSON.stringify([base, other, cache]);
  return [...new Set(comparisons.map(key))].flatMap(pair => {
    const lines = comparisons.filter(one => key(one) === pair);
    const { base = '', other = '', cache = null } = lines[0] ?? {};
    const where = cache === null ? '' : `  ${titleOf(cache).toLowerCase()}`;
    return [
      '',
      `${colors.bold(`${printable(other)} against ${printable(base)}`)}${where}`,
      ...formatTable(lines.map(describeComparison), [false, true, false]),
    ];
  });
}

function formatFailures(report: BenchReport, style: Style): readonly string[] {
  const failures = describeFailures(report);
  if (failures.length === 0) return [];
  return ['', style.colors.red('Failed'), ...wrap(failures, style)];
}

function formatNotes(report: BenchReport, style: Style): readonly string[] {
  const notes = listNotes(report);
  return notes.length === 0 ? [] : ['', style.colors.bold('Notes'), ...wrap(notes, style)];
}

function wrap(texts: readonly string[], { columns }: Style): readonly string[] {
  return texts.flatMap(text => wrapText(printable(text), columns, '  '));
}
