import { formatBytes, formatCount } from '../../bytes.ts';
import { h } from './dom.ts';
import type { Found } from './search.ts';
import type { Store } from './state.ts';
import { bar, type Column, table } from './table.ts';
import type { MapNode } from './tree.ts';
import { formatChange, formatShare } from './words.ts';

type NodeColumn = Column<MapNode>;

const FILES: NodeColumn = { head: 'Files', right: true, cell: node => formatCount(node.files) };

const OF_TWO: readonly NodeColumn[] = [
  { head: 'Before', right: true, cell: ({ before }) => formatBytes(before) },
  { head: 'After', right: true, cell: ({ value }) => formatBytes(value) },
  { head: 'Change', right: true, cell: ({ before, value }) => formatChange(before, value) },
];

/** What the map shows, as a table of the boxes of one level. */
export function makeMapTable(
  root: MapNode,
  found: Found | null,
  compares: boolean,
  store: Store,
): HTMLElement {
  const rows = found ? root.children.filter(({ key }) => found.holds.has(key)) : root.children;
  const name: NodeColumn = { head: 'Name', className: 'path', cell: node => nameOf(node, store) };
  const sizes = compares ? OF_TWO : sizesOf(root);
  return table(root.name === '' ? 'All' : root.name, rows, [name, ...sizes, FILES], 40);
}

function nameOf({ name, key, children }: MapNode, store: Store): HTMLElement | string {
  if (children.length === 0) return name;
  const open = (): void => store.set({ zoom: key, focus: { key: '' } });
  return h('button', { type: 'button', class: 'link', onclick: open }, name);
}

function sizesOf(root: MapNode): readonly NodeColumn[] {
  const most = Math.max(1, root.children[0]?.value ?? 0);
  const removed: NodeColumn = {
    head: 'Of it removed',
    right: true,
    cell: one => (one.removed > 0 ? formatBytes(one.removed) : ''),
  };
  return [
    { head: 'Size', right: true, cell: ({ value }) => formatBytes(value) },
    { head: 'Share', right: true, cell: ({ value }) => formatShare(value, root.value) },
    ...(root.removed > 0 ? [removed] : []),
    { head: '', cell: ({ value }) => bar(value / most) },
  ];
}
