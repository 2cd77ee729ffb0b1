import { formatBytes, formatPlural } from '../../bytes.ts';
import type { Side } from './layout.ts';
import type { MapNode } from './tree.ts';

/** `34.1 %`, `< 0.1 %`. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const percent = (part / whole) * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent.toFixed(1).replace(/\.0$/, '')} %`;
}

/** `+1.2 MiB`, `−310 B`, `no change`. */
export function formatChange(before: number, after: number): string {
  if (before === after) return 'no change';
  return `${after > before ? '+' : '−'}${formatBytes(Math.abs(after - before))}`;
}

/** How a box changed; by its bytes, so that equal sizes count as the same. */
export function growthOf({
  before,
  value,
}: Pick<MapNode, 'before' | 'value'>): 'new' | 'grown' | 'same' | 'shrunk' | 'gone' {
  if (before === value) return 'same';
  if (before === 0) return 'new';
  if (value === 0) return 'gone';
  return value > before ? 'grown' : 'shrunk';
}

/** What a screen reader says of a box. */
export function describeNode(node: MapNode, root: MapNode, side: Side, compares: boolean): string {
  const parts = [
    node.name,
    formatBytes(node[side]),
    `${formatShare(node[side], root[side])} of ${root.name || 'all'}`,
    ...(node.item ? [] : [formatPlural(node.files, 'file')]),
    ...(compares ? [describeGrowth(node)] : []),
    ...(node.removed === node.value && node.removed > 0 ? ['removed'] : []),
  ];
  return parts.join(', ');
}

function describeGrowth(node: MapNode): string {
  const growth = growthOf(node);
  return growth === 'same' ? 'unchanged' : `${growth}, ${formatChange(node.before, node.value)}`;
}
