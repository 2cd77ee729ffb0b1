import type { PageData } from '../page-types.ts';
import { choices } from './dom.ts';
import type { Show } from './items.ts';
import type { Store } from './state.ts';
import type { Grouping } from './tree.ts';

/** The switches of the map. */
export function makeToolbar(data: PageData, store: Store): readonly HTMLElement[] {
  const state = store.get();
  const subject = data.subjects[state.subject];
  const compares = data.mode === 'compare';
  const hasZipped = data.subjects.every(({ zippedBytes }) => zippedBytes !== null);
  const hasRemovals = !compares && (subject?.removals.length ?? 0) > 0;
  const groupings: (readonly [Grouping, string])[] = [
    ['package', 'Package'],
    ['kind', 'Kind'],
    ['folder', 'Folder'],
  ];
  if (hasRemovals && state.show !== 'kept') groupings.push(['rule', 'Reason']);
  return [
    choices('Group by', groupings, state.grouping, grouping => store.set({ grouping, zoom: '' })),
    choices(
      'Size',
      [
        ['bytes', 'Unzipped'],
        ['zipped', 'Zipped'],
      ],
      state.measure,
      measure => store.set({ measure }),
      hasZipped && state.show === 'kept' ? [] : ['zipped'],
    ),
    ...(hasRemovals ? [makeShow(store)] : []),
    choices(
      'As',
      [
        ['map', 'Map'],
        ['table', 'Table'],
      ],
      state.view,
      view => store.set({ view }),
    ),
  ];
}

/** What was removed was never zipped, so that only its own bytes can be compared. */
function makeShow(store: Store): HTMLElement {
  const options: readonly (readonly [Show, string])[] = [
    ['kept', 'What stays'],
    ['removed', 'What went'],
    ['both', 'Both'],
  ];
  return choices('Show', options, store.get().show, show => {
    const { grouping, measure } = store.get();
    store.set({
      show,
      zoom: '',
      measure: show === 'kept' ? measure : 'bytes',
      grouping: show === 'kept' && grouping === 'rule' ? 'package' : grouping,
    });
  });
}
