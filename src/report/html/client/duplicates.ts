import { formatBytes, formatCount, formatPlural } from '../../bytes.ts';
import type { PageCopy, PageDuplicate, PageSubject } from '../page-types.ts';
import { h, section } from './dom.ts';
import { table } from './table.ts';

/** Files that are there twice, and packages that are. */
export function makeDuplicates({ duplicates, copies }: PageSubject): HTMLElement {
  if (duplicates.length === 0 && copies.length === 0)
    return section(
      'duplicates',
      'Duplicates',
      h('p', { class: 'quiet' }, 'No file and no package is there twice.'),
    );
  return section('duplicates', 'Duplicates', ...listFiles(duplicates), ...listCopies(copies));
}

function costOf({ bytes, paths }: PageDuplicate): number {
  return bytes * (paths.length - 1);
}

function listFiles(duplicates: readonly PageDuplicate[]): readonly HTMLElement[] {
  if (duplicates.length === 0) return [];
  const total = duplicates.reduce((sum, one) => sum + costOf(one), 0);
  const words = `${formatPlural(duplicates.length, 'group')} of equal files; the copies cost ${formatBytes(total)}.`;
  const columns = [
    { head: 'Files', className: 'path', cell: ({ paths }: PageDuplicate) => listPaths(paths) },
    { head: 'Size of one', right: true, cell: ({ bytes }: PageDuplicate) => formatBytes(bytes) },
    { head: 'Copies cost', right: true, cell: (one: PageDuplicate) => formatBytes(costOf(one)) },
  ];
  return [h('p', {}, words), table('Files of the same content', duplicates, columns, 10)];
}

function listCopies(copies: readonly PageCopy[]): readonly HTMLElement[] {
  if (copies.length === 0) return [];
  const title = 'Packages at several places';
  const columns = [
    { head: 'Package', cell: (one: PageCopy) => one.package },
    {
      head: 'Places',
      className: 'path',
      cell: ({ places }: PageCopy) =>
        listPaths(places.map(({ dir, version, bytes }) => `${dir} (${version}, ${formatBytes(bytes)})`)),
    },
  ];
  return [h('h3', {}, title), table(title, copies, columns, 10)];
}

function listPaths(paths: readonly string[]): HTMLElement {
  const most = 4;
  const items = paths.slice(0, most).map(path => h('li', {}, path));
  const more =
    paths.length > most ? h('li', { class: 'quiet' }, `and ${formatCount(paths.length - most)} more`) : null;
  return h('ul', { class: 'paths' }, ...items, more);
}
