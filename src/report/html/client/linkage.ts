import { formatPlural } from '../../bytes.ts';
import type { PageLinkage, PageNeed, PageSubject } from '../page-types.ts';
import { fill, h, section } from './dom.ts';
import { table } from './table.ts';

const WORDS: Readonly<Record<PageNeed['state'], string>> = {
  artifact: 'in the artifact',
  runtime: 'runtime',
  missing: 'missing',
  unknown: 'not known',
};

/** Which library needs which, and where the linker finds it; those with something missing first. */
export function makeLinkage({ linkage }: PageSubject): HTMLElement {
  if (linkage.length === 0)
    return section('linkage', 'Linkage', h('p', { class: 'quiet' }, 'There are no native libraries in it.'));
  const sorted = [...linkage].sort((a, b) => rankOf(a) - rankOf(b));
  const place = h('div');
  const field = h('input', {
    type: 'search',
    id: 'linkage-filter',
    placeholder: 'Library or path',
    oninput: () => show(field.value),
  });
  const show = (text: string): void => {
    const rows = sorted.filter(row => mentions(row, text.toLowerCase()));
    fill(
      place,
      rows.length > 0
        ? makeTable(rows)
        : h('p', { class: 'quiet', role: 'status' }, 'No library has that name.'),
    );
  };
  show('');
  const missing = linkage.filter(row => rankOf(row) === 0).length;
  const words = `${formatPlural(linkage.length, 'native file')}${missing > 0 ? `; ${missing} of them ask for something that is not there` : ''}.`;
  return section(
    'linkage',
    'Linkage',
    h('p', {}, words),
    h('div', { class: 'search' }, h('label', { for: 'linkage-filter' }, 'Filter'), field),
    place,
  );
}

function rankOf({ needs }: PageLinkage): number {
  if (needs.some(({ state }) => state === 'missing')) return 0;
  return needs.some(({ state }) => state === 'artifact') ? 1 : 2;
}

function mentions({ path, needs }: PageLinkage, text: string): boolean {
  return [path, ...needs.flatMap(({ library, from }) => [library, from])].some(one =>
    one.toLowerCase().includes(text),
  );
}

function makeTable(rows: readonly PageLinkage[]): HTMLElement {
  return table(
    'Native files, what they need, and from where',
    rows,
    [
      { head: 'Native file', className: 'path', cell: ({ path }) => path },
      { head: 'Needs, and from where', cell: ({ needs }) => listNeeds(needs) },
    ],
    12,
  );
}

function listNeeds(needs: readonly PageNeed[]): HTMLElement | string {
  if (needs.length === 0) return 'nothing';
  const lines = gather(needs).map(({ state, libraries, from }) =>
    h(
      'li',
      {},
      h('span', { class: `state ${state}` }, WORDS[state]),
      h('code', {}, libraries.join(' ')),
      state === 'runtime' ? null : h('span', { class: 'quiet path' }, ` ${from}`),
    ),
  );
  return h('ul', { class: 'needs' }, ...lines);
}

interface NeedLine {
  readonly state: PageNeed['state'];
  readonly libraries: readonly string[];
  readonly from: string;
}

/** What is in the artifact has a line each; of the others those that come from one place share one. */
function gather(needs: readonly PageNeed[]): readonly NeedLine[] {
  const lines = new Map<string, NeedLine>();
  for (const { state, library, from } of needs) {
    const key = state === 'artifact' ? `${state} ${library}` : `${state} ${from}`;
    lines.set(key, { state, from, libraries: [...(lines.get(key)?.libraries ?? []), library] });
  }
  return ORDER.flatMap(state => [...lines.values()].filter(line => line.state === state));
}

const ORDER: readonly PageNeed['state'][] = ['missing', 'artifact', 'unknown', 'runtime'];
