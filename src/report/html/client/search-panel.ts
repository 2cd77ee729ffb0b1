import { formatBytes, formatPlural } from '../../bytes.ts';
import { h } from './dom.ts';
import type { Found } from './search.ts';
import type { Store } from './state.ts';
import { findPath, type MapNode } from './tree.ts';

/** A list of so many hits is still read; the map shows where the others are. */
const MOST = 8;

/** The field to search by path. `/` goes to it from anywhere. */
export function makeSearch(store: Store): HTMLElement {
  const field = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Find files by their path',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'search-help',
    oninput: () => store.set({ query: field.value }),
  });
  document.addEventListener('keydown', event => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
  return h(
    'div',
    { class: 'search', role: 'search' },
    h('label', { for: 'search' }, 'Search'),
    field,
    h('span', { id: 'search-help', class: 'quiet' }, 'all words of a path; press / to come here'),
  );
}

/** How many files were found, and the largest of them. */
export function tellFound(found: Found | null, root: MapNode, store: Store): HTMLElement {
  const status = h('p', { role: 'status', class: 'quiet' });
  if (!found) return status;
  const count = found.leaves.length;
  status.textContent =
    count === 0
      ? 'No path has all of these words.'
      : `${formatPlural(count, 'file')}, ${formatBytes(found.bytes)}`;
  const hits = found.leaves.slice(0, MOST).map(leaf => {
    const parent = findPath(root, leaf.key).at(-2)?.key ?? root.key;
    return h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: 'link path',
          onclick: () => store.set({ zoom: parent, focus: { key: leaf.key } }),
        },
        leaf.item?.path ?? leaf.name,
      ),
      h('span', { class: 'quiet' }, ` ${formatBytes(leaf.value)}`),
    );
  });
  const more =
    count > MOST ? h('p', { class: 'quiet' }, `and ${formatPlural(count - MOST, 'smaller file')}`) : null;
  return h('div', {}, status, h('ul', { class: 'hits' }, ...hits), more);
}
