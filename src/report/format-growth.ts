import type { Growth } from '../inventory/types.ts';
import { formatPlural } from './bytes.ts';
import { describeItem, formatChange, formatPercent, formatStep } from './growth-words.ts';
import { formatTable, shorten } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const SHOWN = 15;

/** What grew since a baseline, by package, the largest change first; no lines where there was no baseline. */
export function formatGrowth(growth: Growth | null, { colors, columns }: Style): readonly string[] {
  if (!growth) return [];
  const { beforeUnzippedBytes, unzippedBytes, beforeZippedBytes, zippedBytes, items } = growth;
  const percent = formatPercent(growth);
  const rows = items.slice(0, SHOWN).map(item => {
    const change = formatChange(item.bytes - item.beforeBytes);
    const name = shorten(printable(item.name), Math.max(20, columns - 50));
    return [change, name, printable(describeItem(item))];
  });
  const more = items.length - SHOWN;
  return [
    '',
    colors.bold('Since the baseline'),
    `  unzipped  ${formatStep(beforeUnzippedBytes, unzippedBytes)}${percent === '' ? '' : `, ${percent}`}`,
    ...(beforeZippedBytes === null || zippedBytes === null
      ? []
      : [`  zipped    ${formatStep(beforeZippedBytes, zippedBytes)}`]),
    ...formatTable(rows, [true, false, false]),
    ...(more > 0 ? [colors.dim(`  and ${formatPlural(more, 'smaller change')}`)] : []),
  ];
}
