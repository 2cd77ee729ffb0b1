import { formatBytes } from '../../bytes.ts';
import { fill, h } from './dom.ts';
import { layOut, neighbourOf, type Side, type Tile } from './layout.ts';
import type { Found } from './search.ts';
import type { MapNode } from './tree.ts';
import { describeNode, formatChange, growthOf } from './words.ts';

/** What a map shows, and what it tells of. */
export interface MapView {
  readonly label: string;
  readonly root: MapNode;
  readonly side: Side;
  readonly compares: boolean;
  readonly found: Found | null;
  readonly zoom: (key: string) => void;
  readonly out: () => void;
  readonly point: (node: MapNode | null) => void;
}

const DIRECTIONS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const;

/** Draws a map into its frame: a button a box, of which one can be reached with the Tab key and the others with arrows. */
export function drawMap(frame: HTMLElement, view: MapView, focusKeys: readonly string[] | null): void {
  const { clientWidth: width, clientHeight: height } = frame;
  const tiles = layOut(view.root, width, height, view.side);
  const buttons = tiles.map(tile => toButton(tile, view));
  frame.setAttribute('aria-label', `${view.label}. Arrow keys move, Enter looks inside, Escape goes back.`);
  fill(frame, ...(tiles.length > 0 ? buttons : [h('p', { class: 'empty' }, 'Nothing to show here.')]));
  const wanted = (focusKeys ?? []).map(key => tiles.findIndex(({ node }) => node.key === key));
  const first = buttons[wanted.find(at => at >= 0) ?? 0];
  if (first) first.tabIndex = 0;
  if (focusKeys) first?.focus({ preventScroll: true });
  frame.onkeydown = event => onKey(event, tiles, buttons, view);
  frame.onpointerleave = () => view.point(null);
}

function toButton(tile: Tile, view: MapView): HTMLButtonElement {
  const { node, others } = tile;
  const canOpen = node.children.length > 0;
  return h(
    'button',
    {
      type: 'button',
      class: classesOf(tile, view),
      tabindex: -1,
      'data-key': node.key,
      'data-depth': tile.depth,
      'aria-label': `${describeNode(node, view.root, view.side, view.compares)}${canOpen ? '. Opens' : ''}`,
      'style.left': `${tile.x}px`,
      'style.top': `${tile.y}px`,
      'style.width': `${tile.width}px`,
      'style.height': `${tile.height}px`,
      onclick: () => (canOpen ? view.zoom(node.key) : view.point(node)),
      onfocus: () => view.point(others > 0 ? null : node),
      onpointerenter: () => view.point(node),
    },
    ...labelOf(tile, view),
  );
}

function classesOf({ node, isOpen, others }: Tile, { compares, found }: MapView): string {
  const paint = compares
    ? `growth-${growthOf(node)}`
    : node.removed === node.value && node.removed > 0
      ? 'removed'
      : `kind-${node.kind}`;
  const dim = found && !found.holds.has(node.key) ? 'dim' : '';
  const hit = found?.holds.has(node.key) && node.item ? 'hit' : '';
  return ['tile', isOpen ? 'open' : 'closed', others > 0 ? 'others' : paint, dim, hit]
    .filter(Boolean)
    .join(' ');
}

function labelOf({ node, width, height, isOpen }: Tile, { side, compares }: MapView): readonly HTMLElement[] {
  if (width < 44 || height < 17) return [];
  const size =
    compares && node.before !== node.value ? formatChange(node.before, node.value) : formatBytes(node[side]);
  const name = h('span', { class: 'name' }, node.name);
  const hasRoom = isOpen ? width > 110 : height > 34;
  return hasRoom ? [name, h('span', { class: 'size' }, size)] : [name];
}

function onKey(
  event: KeyboardEvent,
  tiles: readonly Tile[],
  buttons: readonly HTMLButtonElement[],
  view: MapView,
): void {
  const at = buttons.findIndex(button => button.matches(':focus'));
  const from = tiles[at];
  if (event.key === 'Escape' || event.key === 'Backspace') view.out();
  else if (event.key in DIRECTIONS && from) {
    const to = neighbourOf(tiles, from, DIRECTIONS[event.key as keyof typeof DIRECTIONS]);
    if (to) focus(buttons, tiles.indexOf(to));
  } else if (event.key === 'Home') focus(buttons, 0);
  else if (event.key === 'End') focus(buttons, buttons.length - 1);
  else return;
  event.preventDefault();
}

function focus(buttons: readonly HTMLButtonElement[], at: number): void {
  for (const button of buttons) button.tabIndex = -1;
  const button = buttons[at];
  if (!button) return;
  button.tabIndex = 0;
  button.focus();
}
