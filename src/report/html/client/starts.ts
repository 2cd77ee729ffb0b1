import { formatCount } from '../../bytes.ts';
import type { PageStarts } from '../page-types.ts';
import { h, section } from './dom.ts';
import { table } from './table.ts';

const PANELS = [
  ['init', 'Init'],
  ['first', 'First invocation'],
  ['warm', 'Warm invocations'],
] as const;

interface Row {
  readonly name: string;
  readonly times: readonly number[];
  readonly most: number;
}

/** Every measured start as a dot and the median as a line, a table a figure. */
export function makeStarts(starts: readonly PageStarts[]): HTMLElement | null {
  if (starts.length === 0) return null;
  const panels = PANELS.flatMap(([figure, title]) => {
    const measured = starts.filter(one => one[figure].length > 0);
    const most = Math.max(...measured.flatMap(one => one[figure]), 0);
    const rows = measured.map((one): Row => ({ name: one.name, times: one[figure], most }));
    return rows.length === 0 ? [] : [h('h3', {}, title), makePanel(title, rows)];
  });
  return section('starts', 'Cold starts', ...panels);
}

function makePanel(title: string, rows: readonly Row[]): HTMLElement {
  return table(`${title}, ms`, rows, [
    { head: 'What', cell: ({ name }) => name },
    { head: 'Median', right: true, cell: ({ times }) => formatMs(medianOf(times)) },
    { head: 'Measured', right: true, cell: ({ times }) => formatCount(times.length) },
    { head: '', className: 'wide', cell: drawTimes },
  ]);
}

function drawTimes({ times, most }: Row): HTMLElement {
  const at = (ms: number): string => `${most === 0 ? 0 : (ms / most) * 100}%`;
  const dots = times
    .slice(0, 200)
    .map((ms, i) => h('span', { class: 'dot', 'style.left': at(ms), 'style.top': `${30 + (i % 3) * 20}%` }));
  return h(
    'span',
    { class: 'times', 'aria-hidden': 'true' },
    ...dots,
    h('span', { class: 'median', 'style.left': at(medianOf(times)) }),
  );
}

/** The middle one, or what lies between the two in the middle. */
export function medianOf(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}

function formatMs(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
