import { formatCount } from '../../bytes.ts';
import { h } from './dom.ts';

/** A column: its head, the cell of a row, and whether it holds numbers. */
export interface Column<R> {
  readonly head: string;
  readonly cell: (row: R) => Node | string;
  readonly right?: boolean;
  readonly className?: string;
}

/** A table that shows the first rows, and more of them when asked, so that no list is long by itself. */
export function table<R>(
  caption: string,
  rows: readonly R[],
  columns: readonly Column<R>[],
  page = 20,
): HTMLElement {
  const body = h('tbody');
  const more = h('button', { type: 'button', class: 'more', onclick: () => focusRow(body, showMore()) });
  let shown = 0;
  const showMore = (): number => {
    const from = shown;
    body.append(...rows.slice(from, from + page).map(row => toRow(row, columns)));
    shown = Math.min(rows.length, from + page);
    const left = rows.length - shown;
    more.hidden = left === 0;
    more.textContent =
      left > page ? `Show ${page} more of ${formatCount(left)}` : `Show ${formatCount(left)} more`;
    return from;
  };
  showMore();
  const labelled = h('table', {}, h('caption', { class: 'unseen' }, caption), toHead(columns), body);
  const scroll = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, labelled);
  return h('div', { class: 'table' }, scroll, more);
}

/** The button may be gone, so the first of the new rows takes over. */
function focusRow(body: HTMLTableSectionElement, at: number): void {
  const row = body.rows[at];
  row?.setAttribute('tabindex', '-1');
  row?.focus({ preventScroll: true });
}

function toHead<R>(columns: readonly Column<R>[]): HTMLElement {
  const cells = columns.map(({ head, right }) =>
    h('th', { scope: 'col', class: right ? 'right' : null }, head),
  );
  return h('thead', {}, h('tr', {}, ...cells));
}

function toRow<R>(row: R, columns: readonly Column<R>[]): HTMLElement {
  return h(
    'tr',
    {},
    ...columns.map(({ cell, right, className }, at) => {
      const classes = [right ? 'right' : '', className ?? ''].join(' ').trim() || null;
      return at === 0
        ? h('th', { scope: 'row', class: classes }, cell(row))
        : h('td', { class: classes }, cell(row));
    }),
  );
}

/** A line whose length is a share of the whole, beside the words that say the same. */
export function bar(share: number, className = ''): HTMLElement {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return h(
    'span',
    { class: `bar ${className}`.trim(), 'aria-hidden': 'true' },
    h('span', { 'style.width': width }),
  );
}
