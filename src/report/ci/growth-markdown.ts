import type { GrowthItem } from '../../inventory/types.ts';
import { formatPlural } from '../bytes.ts';
import { describeItem, formatChange, formatPercent, formatStep } from '../growth-words.ts';
import { codeOf, escapeMarkdown } from './escape-markdown.ts';
import type { Judged } from './judged.ts';

/** A table of many thousand rows is read by nobody. */
const MAX_ROWS = 50;

/** What grew since the baseline as blocks of Markdown, a row each; nothing where there was none or nothing changed. */
export function tellGrowth({ name, growth }: Judged): readonly string[] {
  if (!growth) return [];
  const { beforeUnzippedBytes, unzippedBytes, beforeZippedBytes, zippedBytes, items } = growth;
  const percent = formatPercent(growth);
  const zipped =
    beforeZippedBytes === null || zippedBytes === null
      ? ''
      : `, zipped ${formatStep(beforeZippedBytes, zippedBytes)}`;
  const head = `\n**Since the baseline**, ${codeOf(name)}: unzipped ${formatStep(beforeUnzippedBytes, unzippedBytes)}${percent === '' ? '' : `, ${percent}`}${zipped}\n`;
  if (items.length === 0) return [head];
  const more = items.length - MAX_ROWS;
  return [
    `${head}\n| what | change | unzipped |\n|---|---|---:|\n`,
    ...items.slice(0, MAX_ROWS).map(toRow),
    ...(more > 0 ? [`\n…and ${formatPlural(more, 'smaller change')}\n`] : []),
  ];
}

function toRow(item: GrowthItem): string {
  const name = item.isPackage ? codeOf(item.name) : escapeMarkdown(item.name);
  return `| ${name} | ${escapeMarkdown(describeItem(item))} | ${formatChange(item.bytes - item.beforeBytes)} |\n`;
}
