import { formatBytes, formatPlural } from '../../bytes.ts';
import type { PageData, PageSubject } from '../page-types.ts';
import { fill, h, section } from './dom.ts';
import { listItems, mergeItems, weighAll } from './items.ts';
import { makeLegend } from './legend.ts';
import { drawMap, type MapView } from './map.ts';
import { makeMapTable } from './map-table.ts';
import { findFiles } from './search.ts';
import { makeSearch, tellFound } from './search-panel.ts';
import type { State, Store } from './state.ts';
import { makeToolbar } from './toolbar.ts';
import { findPath, type MapNode, makeTree } from './tree.ts';
import { formatChange, formatShare } from './words.ts';

/** What the map is made of now. */
export interface Drawn {
  readonly tree: MapNode;
  readonly path: readonly MapNode[];
}

/** The map with its switches, the way back up, the search, and the table that says the same. */
export function makeMapPanel(data: PageData, store: Store): HTMLElement {
  const compares = data.mode === 'compare';
  const parts = {
    toolbar: h('div', { class: 'toolbar' }),
    crumbs: h('nav', { class: 'crumbs', 'aria-label': 'Where the map is' }),
    frames: h('div', { class: compares ? 'frames two' : 'frames' }),
    legend: h('div', { class: 'legend' }),
    detail: h('p', { class: 'detail' }),
    found: h('div', { class: 'found' }),
  };
  const panel = section(
    'map',
    compares ? 'What is in them' : 'What is in it',
    parts.toolbar,
    makeSearch(store),
    parts.found,
    parts.crumbs,
    parts.frames,
    parts.detail,
    parts.legend,
  );
  store.listen((state, before) =>
    draw(data, store, parts, state.focus === before.focus ? null : state.focus),
  );
  let width = -1;
  const watch = new ResizeObserver(() => {
    if (width === parts.frames.clientWidth) return;
    width = parts.frames.clientWidth;
    draw(data, store, parts, null);
  });
  watch.observe(parts.frames);
  return panel;
}

type Parts = Readonly<Record<'toolbar' | 'crumbs' | 'frames' | 'legend' | 'detail' | 'found', HTMLElement>>;

function draw(data: PageData, store: Store, parts: Parts, focus: State['focus']): void {
  const state = store.get();
  const { tree, path } = readTree(data, state);
  const root = path.at(-1) ?? tree;
  const compares = data.mode === 'compare';
  const found = findFiles(root, state.query);
  keepFocus(parts.toolbar, () => fill(parts.toolbar, ...makeToolbar(data, store)));
  fill(parts.crumbs, makeCrumbs(path, store));
  fill(parts.found, tellFound(found, root, store));
  fill(parts.legend, ...(state.view === 'map' ? makeLegend(root, subjectOf(data, state), compares) : []));
  tellDetail(parts.detail, root, root, data, state);
  if (state.view === 'table') {
    fill(parts.frames, makeMapTable(root, found, compares, store));
    if (focus) parts.frames.querySelector<HTMLElement>('.scroll')?.focus();
    return;
  }
  const views = listViews(data, state).map(
    (named): MapView => ({
      ...named,
      ...{ root, compares, found },
      zoom: zoom => store.set({ zoom, focus: { key: '' } }),
      out: () => store.set({ zoom: path.at(-2)?.key ?? '', focus: { key: root.key } }),
      point: node => tellDetail(parts.detail, node ?? root, root, data, state),
    }),
  );
  const frames = reuseFrames(parts.frames, views);
  for (const [at, view] of views.entries()) {
    const frame = frames[at];
    if (frame) drawMap(frame, view, at === views.length - 1 && focus ? focusKeys(focus.key, root) : null);
  }
}

/** The box itself, or the one at the top that it lies in. */
function focusKeys(key: string, root: MapNode): readonly string[] {
  return key === ''
    ? []
    : [
        key,
        ...findPath(root, key)
          .slice(1, 2)
          .map(node => node.key),
      ];
}

/** Keeps the focus on the switch that was pressed while the switches are made anew. */
function keepFocus(parent: HTMLElement, renew: () => void): void {
  const { activeElement } = document;
  const value = parent.contains(activeElement) ? activeElement?.getAttribute('data-value') : null;
  renew();
  if (value) parent.querySelector<HTMLElement>(`[data-value="${value}"]`)?.focus();
}

function listViews(
  { mode, subjects }: PageData,
  { zoom }: State,
): readonly Pick<MapView, 'label' | 'side'>[] {
  if (mode === 'functions')
    return [{ label: zoom === '' ? 'Map of the artifact' : 'Map of a part of it', side: 'value' }];
  return [
    { label: `Before: ${subjects[0]?.file}`, side: 'before' },
    { label: `After: ${subjects[1]?.file}`, side: 'value' },
  ];
}

/** Frames keep their size while the boxes in them change. */
function reuseFrames(parent: HTMLElement, views: readonly Pick<MapView, 'label'>[]): readonly HTMLElement[] {
  const found = [...parent.querySelectorAll<HTMLElement>('.map')];
  if (found.length === views.length) return found;
  const made = views.map(() => h('div', { class: 'map', role: 'group' }));
  const figures = made.map((frame, at) =>
    views.length > 1 ? h('div', { class: 'figure' }, h('h3', {}, views[at]?.label ?? ''), frame) : frame,
  );
  fill(parent, ...figures);
  return made;
}

const trees = new Map<string, MapNode>();

/** The tree of the current choice; made once a choice. */
function readTree(data: PageData, state: State): Drawn {
  const key = [state.subject, state.grouping, state.measure, state.show].join(' ');
  const tree = trees.get(key) ?? plant(data, state);
  trees.set(key, tree);
  return { tree, path: findPath(tree, state.zoom) };
}

function plant(data: PageData, { subject: at, grouping, measure, show }: State): MapNode {
  const [first, second] = data.subjects;
  if (data.mode === 'compare' && first && second) {
    const weighed = mergeItems(listItems(first, 'kept'), listItems(second, 'kept'), measure);
    return makeTree(weighed, grouping, second, true);
  }
  const subject = data.subjects[at] as PageSubject;
  return makeTree(weighAll(listItems(subject, show), measure), grouping, subject);
}

export function subjectOf(data: PageData, state: State): PageSubject {
  return data.subjects[state.subject] as PageSubject;
}

function makeCrumbs(path: readonly MapNode[], store: Store): HTMLElement {
  const names = path.map((node, at) => {
    const name = at === 0 ? 'All' : node.name;
    const isLast = at === path.length - 1;
    return h(
      'li',
      {},
      isLast
        ? h('span', { 'aria-current': 'location' }, name)
        : h(
            'button',
            {
              type: 'button',
              onclick: () => store.set({ zoom: node.key, focus: { key: path[at + 1]?.key ?? '' } }),
            },
            name,
          ),
    );
  });
  return h('ol', {}, ...names);
}

function tellDetail(line: HTMLElement, node: MapNode, root: MapNode, data: PageData, state: State): void {
  const compares = data.mode === 'compare';
  const { item } = node;
  const what = item ? item.path : node === root && node.name === '' ? 'All' : node.name;
  const sizes = compares
    ? `${formatBytes(node.before)} → ${formatBytes(node.value)}, ${formatChange(node.before, node.value)}`
    : item && item.zipped !== null
      ? `${formatBytes(item.bytes)} unzipped, ${formatBytes(item.zipped)} zipped`
      : formatBytes(node.value);
  const share = compares ? '' : `${formatShare(node.value, root.value)} of what is shown`;
  const rule = item?.rule === null || !item ? null : subjectOf(data, state).rules[item.rule];
  const more = [
    item ? '' : formatPlural(node.files, 'file'),
    share,
    item ? item.owner : '',
    rule ? `removed by ${rule.id}: ${rule.why}` : '',
  ].filter(Boolean);
  fill(line, h('code', {}, what), ` ${[sizes, ...more].join(' · ')}`);
}
