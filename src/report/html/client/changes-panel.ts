import { formatBytes, formatCount, formatPlural } from '../../bytes.ts';
import type { PageSubject } from '../page-types.ts';
import { type Change, countChanges, listChanges } from './changes.ts';
import { h, section } from './dom.ts';
import { bar, table } from './table.ts';
import { formatChange } from './words.ts';

/** What grew between two artifacts, by package. */
export function makeChanges(first: PageSubject, second: PageSubject): HTMLElement {
  const changes = listChanges(first, second);
  const { added, gone, changed } = countChanges(first, second);
  const most = Math.max(1, ...changes.map(({ before, after }) => Math.abs(after - before)));
  const words = `${formatPlural(added, 'file')} new, ${formatCount(gone)} gone, ${formatCount(changed)} of another size.`;
  if (changes.length === 0)
    return section(
      'changes',
      'What changed',
      h('p', {}, words),
      h('p', { class: 'quiet' }, 'No package changed its size.'),
    );
  return section(
    'changes',
    'What changed',
    h('p', {}, words),
    table('Packages that changed', changes, [
      { head: 'Package', className: 'path', cell: nameOf },
      { head: 'Before', right: true, cell: ({ from, before }) => (from === null ? '' : formatBytes(before)) },
      { head: 'After', right: true, cell: ({ to, after }) => (to === null ? '' : formatBytes(after)) },
      { head: 'Change', right: true, cell: ({ before, after }) => formatChange(before, after) },
      {
        head: 'Zipped',
        right: true,
        cell: ({ zippedBefore, zippedAfter }) => formatChange(zippedBefore, zippedAfter),
      },
      {
        head: '',
        cell: ({ before, after }) =>
          bar(Math.abs(after - before) / most, after > before ? 'grown' : 'shrunk'),
      },
    ]),
  );
}

function nameOf({ from, to }: Change): HTMLElement {
  if (from === null) return h('span', {}, to ?? '', h('span', { class: 'mark' }, 'new'));
  if (to === null) return h('span', {}, from, h('span', { class: 'mark' }, 'gone'));
  return h('span', {}, from === to ? to : `${from} → ${to}`);
}
