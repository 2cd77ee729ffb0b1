import type { Measure, Show } from './items.ts';
import type { Grouping } from './tree.ts';

/** What the reader chose. */
export interface State {
  /** Number of the subject whose details are shown. */
  readonly subject: number;
  readonly grouping: Grouping;
  readonly measure: Measure;
  readonly show: Show;
  readonly view: 'map' | 'table';
  /** Key of the box that fills the map. */
  readonly zoom: string;
  readonly query: string;
  /** A new one each time that a box is to get the keyboard's focus; the first one where the key is empty. */
  readonly focus: { readonly key: string } | null;
}

export interface Store {
  readonly get: () => State;
  readonly set: (change: Partial<State>) => void;
  readonly listen: (listener: (state: State, before: State) => void) => void;
}

/** Keeps the state and tells of its changes. */
export function makeStore(initial: State): Store {
  let state = initial;
  const listeners: ((state: State, before: State) => void)[] = [];
  return {
    get: () => state,
    set: change => {
      const before = state;
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, before);
    },
    listen: listener => listeners.push(listener),
  };
}
