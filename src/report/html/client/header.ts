import { formatBytes, formatBytesPair, formatPlural } from '../../bytes.ts';
import type { PageData, PageSubject } from '../page-types.ts';
import { h } from './dom.ts';
import type { Store } from './state.ts';
import { makeThemeSwitch } from './theme.ts';
import { formatChange, formatShare } from './words.ts';

/** Name, target and sizes of what the page is about, with the limits as bars. */
export function makeHeader(data: PageData, store: Store): HTMLElement {
  const compares = data.mode === 'compare';
  const shown = compares ? data.subjects : data.subjects.slice(store.get().subject, store.get().subject + 1);
  const title = shown.map(({ name, file }) => (compares ? file : name)).join(' → ');
  return h(
    'header',
    { class: 'top' },
    h(
      'div',
      { class: 'line' },
      h('h1', {}, title),
      compares ? null : choosePart(data, store),
      makeThemeSwitch(),
    ),
    ...shown.map(subject => makeSummary(subject, compares)),
    h('div', { class: 'limits' }, ...makeLimits(shown)),
    ...shown.flatMap(({ notes }) => (notes.length > 0 ? [h('p', { class: 'note' }, notes.join(' '))] : [])),
  );
}

/** Which of several functions is looked at. */
function choosePart({ subjects }: PageData, store: Store): HTMLElement | null {
  if (subjects.length < 2) return null;
  const select = h(
    'select',
    {
      'aria-label': 'Function',
      onchange: () => store.set({ subject: Number(select.value), zoom: '' }),
    },
    ...subjects.map(({ name }, at) => h('option', { value: at, selected: at === store.get().subject }, name)),
  );
  return select;
}

function makeSummary(subject: PageSubject, compares: boolean): HTMLElement {
  const { runtime, arch, handler, files, removals, codeSha256 } = subject;
  const facts = [
    compares ? subject.file : null,
    runtime,
    arch,
    handler === null ? null : `handler ${handler}`,
    formatPlural(files.length, 'file'),
    removals.length > 0 ? `${formatPlural(removals.length, 'file')} removed` : null,
  ].filter(fact => fact !== null);
  const digest = codeSha256 === null ? null : h('span', { class: 'digest' }, `CodeSha256 ${codeSha256}`);
  return h('p', { class: 'summary' }, facts.join(' · '), digest);
}

function makeLimits(subjects: readonly PageSubject[]): readonly HTMLElement[] {
  const first = subjects[0] as PageSubject;
  return [
    ...makeLimit('Zipped', 'direct upload', subjects, first.limits.zipped, ({ zippedBytes }) => zippedBytes),
    ...makeLimit(
      'Unzipped',
      'with its layers',
      subjects,
      first.limits.unzipped,
      ({ unzippedBytes }) => unzippedBytes,
    ),
  ];
}

function makeLimit(
  title: string,
  what: string,
  subjects: readonly PageSubject[],
  limit: number,
  read: (subject: PageSubject) => number | null,
): readonly HTMLElement[] {
  const sizes = subjects.map(read).filter(size => size !== null);
  const [last, before] = [sizes.at(-1), sizes.length > 1 ? sizes[0] : undefined];
  if (last === undefined) return [];
  const [size, most] = formatBytesPair(last, limit);
  const over = last > limit ? `, ${formatBytes(last - limit)} over it` : '';
  const change = before === undefined ? '' : formatChange(before, last);
  return [
    h(
      'div',
      { class: last > limit ? 'limit over' : 'limit' },
      h(
        'div',
        { class: 'figure' },
        h('span', { class: 'big' }, size),
        h('span', { class: 'what' }, title.toLowerCase()),
        h('span', { class: 'change' }, change),
      ),
      ...sizes.map((bytes, at) => makeGauge(bytes, limit, at < sizes.length - 1)),
      h('div', { class: 'quiet' }, `${formatShare(last, limit)} of ${most} (${what})${over}`),
    ),
  ];
}

function makeGauge(bytes: number, limit: number, isBefore: boolean): HTMLElement {
  const share = Math.min(1, bytes / limit);
  const level = bytes > limit ? 'bad' : bytes > limit * 0.9 ? 'near' : 'good';
  return h(
    'div',
    { class: `gauge ${level}${isBefore ? ' before' : ''}`, 'aria-hidden': 'true' },
    h('span', { 'style.width': `${share * 100}%` }),
  );
}
