import type { BenchSeries, ColdStart } from '../cold-start/types.ts';
import { formatMs } from './bench-table.ts';
import { escapeHtml } from './escape-html.ts';
import { shorten } from './layout.ts';
import { printable } from './printable.ts';

const WIDTH = 760;
const LEFT = 210;
const RIGHT = 80;
const ROW = 26;
const HEAD = 30;
const AXIS = 30;
const LABEL_CHARACTERS = 28;
const TICKS = 5;
/** Colours of the subjects, in turns; `bench-html` defines what they are in light and in dark. */
const COLORS = 6;

interface Row {
  readonly label: string;
  readonly color: number;
  readonly values: readonly number[];
  readonly p50: number;
}

interface Panel {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** The look of the plot, for the page that it is put into; it follows the reader's choice of light or dark. */
export const PLOT_STYLE = `
.bench-plot { --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0; --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df; --c4: #bf3989; --c5: #6e7781; font: 12px system-ui, sans-serif; max-width: 100%; height: auto; }
@media (prefers-color-scheme: dark) { .bench-plot { --ink: #f0f6fc; --quiet: #9198a1; --line: #3d444d; --c0: #4493f8; --c1: #f0883e; --c2: #3fb950; --c3: #ab7df8; --c4: #db61a2; --c5: #9198a1; } }
.bench-plot text { fill: var(--ink); } .bench-plot .title { font-weight: 600; } .bench-plot .tick { fill: var(--quiet); }
.bench-plot line.grid { stroke: var(--line); } .bench-plot circle { fill-opacity: .45; } .bench-plot line.p50 { stroke-width: 3; }
${Array.from({ length: COLORS }, (_, i) => `.bench-plot .c${i} { fill: var(--c${i}); stroke: var(--c${i}); stroke-width: 0; }`).join('\n')}
`;

/** Every start as a dot and the median as a line, in a panel a figure: an SVG element that needs `PLOT_STYLE` and nothing else. */
export function plotBench(series: readonly BenchSeries[]): string {
  const panels = toPanels(series);
  let top = 0;
  const parts = panels.map(panel => {
    const part = drawPanel(panel, top);
    top += heightOf(panel);
    return part;
  });
  const height = Math.max(top, 1);
  return [
    `<svg class="bench-plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Times of each start: a dot a start, a line at the median">`,
    ...parts,
    '</svg>',
  ].join('\n');
}

function toPanels(series: readonly BenchSeries[]): readonly Panel[] {
  const subjects = [...new Set(series.map(({ subject }) => subject))];
  const panel = (
    title: string,
    read: (start: ColdStart) => readonly number[],
    p50: (one: BenchSeries) => number | undefined,
  ): Panel => ({
    title,
    rows: series.flatMap(one => {
      const [values, middle] = [one.starts.flatMap(read), p50(one)];
      if (values.length === 0 || middle === undefined) return [];
      const color = subjects.indexOf(one.subject) % COLORS;
      return [{ label: labelOf(one), color, values, p50: middle }];
    }),
  });
  return [
    panel(
      'Init',
      ({ initMs }) => (initMs === null ? [] : [initMs]),
      ({ summary }) => summary.init?.p50,
    ),
    panel(
      'First invocation',
      ({ firstMs }) => [firstMs],
      ({ summary }) => summary.first?.p50,
    ),
    panel(
      'Warm invocations',
      ({ warmMs }) => warmMs,
      ({ summary }) => summary.warm?.p50,
    ),
  ].filter(({ rows }) => rows.length > 0);
}

function labelOf({ subject, cache }: BenchSeries): string {
  const where = cache === null ? '' : cache === 'warm' ? ' (cached)' : ' (from disk)';
  return `${shorten(printable(subject.name), LABEL_CHARACTERS - where.length)}${where}`;
}

function heightOf({ rows }: Panel): number {
  return HEAD + rows.length * ROW + AXIS;
}

function drawPanel({ title, rows }: Panel, top: number): string {
  const step = niceStep(Math.max(...rows.flatMap(({ values }) => values)) / TICKS);
  const end = step * (Math.floor(Math.max(...rows.flatMap(({ values }) => values)) / step) + 1);
  const x = (ms: number): number => round(LEFT + (ms / end) * (WIDTH - LEFT - RIGHT));
  const bottom = top + HEAD + rows.length * ROW;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step);
  return [
    `<text class="title" x="0" y="${top + 18}">${escapeHtml(title)}</text>`,
    ...ticks.map(
      ms =>
        `<line class="grid" x1="${x(ms)}" x2="${x(ms)}" y1="${top + HEAD - 4}" y2="${bottom}"/><text class="tick" x="${x(ms)}" y="${bottom + 15}" text-anchor="middle">${formatTick(ms)}</text>`,
    ),
    ...rows.map((row, i) => drawRow(row, top + HEAD + i * ROW + ROW / 2, x)),
  ].join('\n');
}

function drawRow({ label, color, values, p50 }: Row, y: number, x: (ms: number) => number): string {
  const dots = values.map(
    (ms, i) => `<circle class="c${color}" cx="${x(ms)}" cy="${y + ((i % 5) - 2) * 2}" r="3"/>`,
  );
  return [
    `<text x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${escapeHtml(label)}</text>`,
    ...dots,
    `<line class="p50" style="stroke: var(--c${color})" x1="${x(p50)}" x2="${x(p50)}" y1="${y - 10}" y2="${y + 10}"/>`,
    `<text x="${WIDTH - RIGHT + 12}" y="${y + 4}">${formatMs(p50)}</text>`,
  ].join('\n');
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 0.001)));
  return ([1, 2, 5].find(factor => factor * power >= least) ?? 10) * power;
}

function formatTick(ms: number): string {
  return ms === 0 ? '0' : `${round(ms)} ms`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
