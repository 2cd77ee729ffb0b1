import type { BenchReport } from '../cold-start/types.ts';
import { PLOT_STYLE, plotBench } from './bench-plot.ts';
import { type Table, titleOf, toSizeTable, toTimeTables } from './bench-table.ts';
import {
  describeComparison,
  describeFailures,
  describeHost,
  describeIsolations,
  describePlan,
  listNotes,
} from './bench-words.ts';
import { escapeHtml } from './escape-html.ts';
import { printable } from './printable.ts';

const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --back: #fff; --rule: #d1d9e0; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --back: #0d1117; --rule: #3d444d; --bad: #f85149; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--rule); text-align: left; white-space: nowrap; }
td:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 8rem; max-width: 20rem; } .right { text-align: right; } .bad { color: var(--bad); } h2 { margin-top: 2rem; font-size: 1.1rem; }
`;

/** What `bench` measured as one page of HTML that loads nothing and runs nothing. */
export function makeBenchPage(report: BenchReport): string {
  const sizes = toSizeTable(report);
  const times = toTimeTables(report).map(table => ({ ...table, title: `${table.title}, ms` }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Cold starts</title>
<style>${STYLE}${PLOT_STYLE}</style>
</head>
<body>
<h1>Cold starts</h1>
${[describePlan(report), describeHost(report), ...describeIsolations(report)].map(paragraph).join('\n')}
${describeFailures(report)
  .map(text => `<p class="bad">${toHtml(text)}</p>`)
  .join('\n')}
<div class="wide">
${plotBench(report.series)}
</div>
${[...(sizes ? [sizes] : []), ...times, ...toComparisonTable(report)].map(formatTable).join('\n')}
${listNotes(report).map(paragraph).join('\n')}
</body>
</html>
`;
}

function toComparisonTable({ comparisons }: BenchReport): readonly Table[] {
  if (comparisons.length === 0) return [];
  const rows = comparisons.map(one => {
    const [metric, ratio, words] = describeComparison(one);
    return [`${one.other} against ${one.base}`, titleOf(one.cache), metric, ratio, words];
  });
  const right = [false, false, false, true, false];
  return [{ title: 'Compared', head: ['', '', '', 'ratio', ''], rows, right }];
}

function formatTable({ title, head, rows, right }: Table): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]): string =>
    row.map((cell, i) => `<${tag}${right[i] ? ' class="right"' : ''}>${toHtml(cell)}</${tag}>`).join('');
  return `<h2>${toHtml(title)}</h2>
<div class="wide"><table>
<thead><tr>${cells('th', head)}</tr></thead>
<tbody>
${rows.map(row => `<tr>${cells('td', row)}</tr>`).join('\n')}
</tbody>
</table></div>`;
}

function paragraph(text: string): string {
  return `<p>${toHtml(text)}</p>`;
}

function toHtml(text: string): string {
  return escapeHtml(printable(text));
}
