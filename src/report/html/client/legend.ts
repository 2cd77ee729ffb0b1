import { formatBytes } from '../../bytes.ts';
import type { PageSubject } from '../page-types.ts';
import { h } from './dom.ts';
import type { MapNode } from './tree.ts';
import { growthOf } from './words.ts';

/** What the colours of the map mean, with the bytes of each. */
export function makeLegend(root: MapNode, subject: PageSubject, compares: boolean): readonly HTMLElement[] {
  const sums = new Map<string, number>();
  const add = (name: string, bytes: number): void => {
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  };
  const visit = (node: MapNode): void => {
    if (!node.item) for (const child of node.children) visit(child);
    else if (compares) add(`growth-${growthOf(node)}`, node.value - node.before);
    else add(node.item.rule === null ? `kind-${node.kind}` : 'removed', node.value);
  };
  visit(root);
  return order(compares).flatMap(([className, name]) => {
    const bytes = sums.get(className);
    if (bytes === undefined) return [];
    const words = compares ? '' : ` ${formatBytes(bytes)}`;
    const text = name ?? subject.kinds[Number(className.slice(5))] ?? '';
    return [h('span', { class: 'entry' }, h('span', { class: `swatch ${className}` }), `${text}${words}`)];
  });
}

function order(compares: boolean): readonly (readonly [string, string | null])[] {
  if (compares) {
    return [
      ['growth-new', 'new'],
      ['growth-grown', 'grown'],
      ['growth-same', 'unchanged'],
      ['growth-shrunk', 'smaller'],
      ['growth-gone', 'gone'],
    ];
  }
  const kinds = Array.from({ length: 8 }, (_, kind) => [`kind-${kind}`, null] as const);
  return [...kinds, ['removed', 'removed']];
}
