/*! The map is laid out by d3-hierarchy.
Copyright 2010-2026 Mike Bostock

Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE. */
import type { PageData, PageSubject } from '../page-types.ts';
import { makeChanges } from './changes-panel.ts';
import { choices, fill, h } from './dom.ts';
import { makeDuplicates } from './duplicates.ts';
import { makeHeader } from './header.ts';
import { makeLinkage } from './linkage.ts';
import { makeMapPanel, subjectOf } from './map-panel.ts';
import { makeFindings, makeRemoved, makeWaterfall } from './sections.ts';
import { makeStarts } from './starts.ts';
import { makeStore, type Store } from './state.ts';

const data: PageData = JSON.parse(document.querySelector('#data')?.textContent ?? '');
const compares = data.mode === 'compare';
const store = makeStore({
  subject: compares ? 1 : 0,
  grouping: 'package',
  measure: 'bytes',
  show: 'kept',
  view: 'map',
  zoom: '',
  query: '',
  focus: null,
});

function draw(): void {
  const place = document.querySelector('#page');
  if (!place) return;
  const header = h('div');
  const details = h('div');
  const [first, second] = data.subjects;
  const showHeader = (): void => fill(header, makeHeader(data, store));
  const showDetails = (): void => fill(details, ...makeDetails(subjectOf(data, store.get()), store));
  store.listen((state, before) => {
    if (state.subject === before.subject) return;
    if (!compares) {
      showHeader();
      header.querySelector<HTMLElement>('select')?.focus();
    }
    showDetails();
    details.querySelector<HTMLElement>('.which [aria-pressed=true]')?.focus();
  });
  showHeader();
  showDetails();
  const main = h(
    'main',
    {},
    compares && first && second ? makeChanges(first, second) : null,
    makeMapPanel(data, store),
    details,
  );
  fill(
    place,
    h('a', { class: 'skip', href: '#map' }, 'Skip to the map'),
    header,
    main,
    h('footer', { class: 'quiet' }, `Made by ${data.tool}`),
  );
}

function makeDetails(subject: PageSubject, details: Store): readonly (HTMLElement | null)[] {
  const other = compares ? (data.subjects[1 - details.get().subject]?.findings ?? null) : null;
  return [
    compares ? makeSideChoice(details) : null,
    makeFindings(subject.findings, other),
    makeWaterfall(subject.stages),
    compares ? null : makeRemoved(subject, details),
    makeLinkage(subject),
    makeDuplicates(subject),
    makeStarts(subject.starts),
  ];
}

/** Whose details stand below the maps. */
function makeSideChoice(details: Store): HTMLElement {
  const side = choices(
    'Details of',
    [
      ['0', `Before: ${data.subjects[0]?.file ?? ''}`],
      ['1', `After: ${data.subjects[1]?.file ?? ''}`],
    ],
    String(details.get().subject) as '0' | '1',
    value => details.set({ subject: Number(value) }),
  );
  return h('div', { class: 'which' }, side);
}

draw();
