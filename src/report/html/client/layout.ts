import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import type { MapNode } from './tree.ts';

/** A box at its place, in CSS pixels. `others` counts the boxes that were too small and share this one; 0 for a box of its own. */
export interface Tile {
  readonly node: MapNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** Shows what it holds, below a line with its name. */
  readonly isOpen: boolean;
  readonly others: number;
}

export type Side = 'value' | 'before';

/** Deeper boxes are seen by zooming in. */
const MAX_DEPTH = 4;
/** A box is opened from this area on, and one inside another is drawn from the other, CSS pixels squared. */
const MIN_OPEN = 12_000;
const MIN_TILE = 480;
/** So many boxes at most beside each other: on top, and inside others. */
const MOST = { top: 160, inside: 40 };
/** So many at most of the whole map, so that any artifact stays fluid. */
const MAX_TILES = 700;
const HEAD = 21;

interface Shown {
  readonly node: MapNode;
  readonly weight: number;
  readonly others: number;
  readonly children: readonly Shown[];
}

/** Lays out what can be seen of a box: a few hundred tiles at most, parents before what they hold. */
export function layOut(root: MapNode, width: number, height: number, side: Side): readonly Tile[] {
  const total = root[side];
  if (total <= 0 || width <= 0 || height <= 0) return [];
  const budget = { left: MAX_TILES };
  const shown = open(root, (width * height) / total, side, 0, budget);
  const top = hierarchy<Shown>(shown, ({ children }) => [...children]).sum(({ children, weight }) =>
    children.length > 0 ? 0 : weight,
  );
  const laid = treemap<Shown>()
    .size([width, height])
    .tile(treemapSquarify.ratio(1.25))
    .paddingTop(({ depth }) => (depth === 0 ? 0 : HEAD))
    .paddingInner(2)
    .paddingLeft(({ depth }) => (depth === 0 ? 0 : 3))
    .paddingRight(({ depth }) => (depth === 0 ? 0 : 3))
    .paddingBottom(({ depth }) => (depth === 0 ? 0 : 3))
    .round(true)(top);
  return laid.descendants().slice(1).map(toTile);
}

function toTile(box: HierarchyRectangularNode<Shown>): Tile {
  const { node, others, children } = box.data;
  return {
    node,
    others,
    x: box.x0,
    y: box.y0,
    width: Math.max(0, box.x1 - box.x0),
    height: Math.max(0, box.y1 - box.y0),
    depth: box.depth,
    isOpen: children.length > 0,
  };
}

function open(node: MapNode, scale: number, side: Side, depth: number, budget: { left: number }): Shown {
  const weight = node[side];
  const leaf: Shown = { node, weight, others: 0, children: [] };
  const isOpened = depth === 0 || (depth < MAX_DEPTH && weight * scale >= MIN_OPEN);
  if (!isOpened || node.children.length === 0) return leaf;
  const sorted = node.children.filter(child => child[side] > 0).sort((a, b) => b[side] - a[side]);
  const most = Math.min(depth === 0 ? MOST.top : MOST.inside, budget.left);
  const least = depth === 0 ? 0 : MIN_TILE;
  const large = sorted.slice(0, most).filter(child => child[side] * scale >= least);
  if (large.length === 0) return leaf;
  budget.left -= large.length + 1;
  const children = large.map(child => open(child, scale, side, depth + 1, budget));
  const rest = sorted.slice(large.length);
  return {
    node,
    weight,
    others: 0,
    children: rest.length > 0 ? [...children, gather(rest, node, side)] : children,
  };
}

/** One box for those that are too small to be seen. */
function gather(rest: readonly MapNode[], parent: MapNode, side: Side): Shown {
  const sum = (read: (node: MapNode) => number): number =>
    rest.reduce((total, node) => total + read(node), 0);
  const node: MapNode = {
    name: `${rest.length} smaller`,
    key: `${parent.key}/\u0000rest`,
    value: sum(({ value }) => value),
    before: sum(({ before }) => before),
    files: sum(({ files }) => files),
    kind: rest[0]?.kind ?? 0,
    removed: sum(({ removed }) => removed),
    item: null,
    children: [],
  };
  return { node, weight: node[side], others: rest.length, children: [] };
}

/** The tile to go to from one by an arrow key: the nearest whose middle lies in that direction; null at the edge. */
export function neighbourOf(
  tiles: readonly Tile[],
  from: Tile,
  direction: 'left' | 'right' | 'up' | 'down',
): Tile | null {
  const [x, y] = middleOf(from);
  const horizontal = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  let best: { readonly tile: Tile; readonly distance: number } | null = null;
  for (const tile of tiles) {
    const [otherX, otherY] = middleOf(tile);
    const ahead = sign * (horizontal ? otherX - x : otherY - y);
    if (tile === from || ahead <= 0) continue;
    const aside = Math.abs(horizontal ? otherY - y : otherX - x);
    const distance = ahead + 2.5 * aside;
    if (!best || distance < best.distance) best = { tile, distance };
  }
  return best?.tile ?? null;
}

/** Of an open box its line with the name counts. */
function middleOf({ x, y, width, height, isOpen }: Tile): readonly [number, number] {
  return [x + width / 2, y + (isOpen ? HEAD / 2 : height / 2)];
}
