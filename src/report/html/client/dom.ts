type Attributes = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: never) => void)>
>;
type Child = Node | string | null | false | undefined;

/**
 * Makes an element. Strings become text and never markup; a function is a listener (`onclick`); `--name`, `left` and the like go into
 * `style.` keys: `'style.left': '3px'`. False and null leave an attribute out.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (name.startsWith('style.')) element.style.setProperty(name.slice(6), String(value));
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter(child => child instanceof Node || typeof child === 'string'));
  return element;
}

/** Replaces what an element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter(child => child instanceof Node || typeof child === 'string'));
}

/** A part of the page with a heading that it is known by. */
export function section(id: string, title: string, ...children: readonly Child[]): HTMLElement {
  const heading = h('h2', { id: `${id}-title` }, title);
  return h('section', { id, 'aria-labelledby': `${id}-title` }, heading, ...children);
}

/** What stands between backticks becomes code. */
export function rich(text: string): readonly Child[] {
  return text.split('`').map((part, at) => (at % 2 === 1 ? h('code', {}, part) : part));
}

/** Buttons of which one is pressed. */
export function choices<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  chosen: T,
  choose: (value: T) => void,
  disabled: readonly T[] = [],
): HTMLElement {
  const buttons = options.map(([value, text]) =>
    h(
      'button',
      {
        type: 'button',
        'data-value': value,
        'aria-pressed': String(value === chosen),
        disabled: disabled.includes(value),
        onclick: () => choose(value),
      },
      text,
    ),
  );
  return h(
    'div',
    { class: 'choices', role: 'group', 'aria-label': label },
    h('span', { class: 'label' }, label),
    ...buttons,
  );
}
