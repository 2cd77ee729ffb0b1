import { choices, h } from './dom.ts';

const KEY = 'lambda-slim-theme';
type Theme = 'auto' | 'light' | 'dark';
const THEMES: readonly (readonly [Theme, string])[] = [
  ['auto', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** Light or dark, as the system says or as chosen here; a choice is remembered where the browser lets a file remember things. */
export function makeThemeSwitch(): HTMLElement {
  const place = h('div', { class: 'theme' });
  const show = (theme: Theme): void => {
    document.documentElement.dataset.theme = theme;
    place.replaceChildren(choices('Colours', THEMES, theme, choose));
  };
  const choose = (theme: Theme): void => {
    remember(theme);
    show(theme);
    place.querySelector<HTMLElement>(`[data-value="${theme}"]`)?.focus();
  };
  show(recall());
  return place;
}

function recall(): Theme {
  try {
    const found = THEMES.find(([theme]) => theme === localStorage.getItem(KEY));
    return found?.[0] ?? 'auto';
  } catch {
    return 'auto';
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A file that is opened from the disk may have no storage; the choice holds until it is closed.
  }
}
