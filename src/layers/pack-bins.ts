import { type Sized, sumOf } from './complete-bin.ts';
import { type Bins, type Bounds, fillBins, largestFirst } from './fill-bins.ts';

/** `unknown` is rare: nothing was found within the effort, and it was not proved that there is nothing either. */
export type Packing<T> =
  | { readonly kind: 'packed'; readonly bins: Bins<T> }
  | { readonly kind: 'impossible' }
  | { readonly kind: 'unknown' };

/** Steps of the first try in another order; a million takes some 20 ms. */
const FIRST_TRY = 20_000;
/** Of the effort, what goes to other orders; the rest goes to one thorough try. */
const ORDERS_SHARE = 0.4;

/**
 * Puts items into at most `count` bins. The same items give the same bins. The orders in which items are tried differ from try to
 * try, since a search that has begun wrongly seldom ends: most sets for which there is a way yield to one of many short tries.
 */
export function packBins<T extends Sized>(items: readonly T[], bounds: Bounds, effort: number): Packing<T> {
  const sorted = largestFirst(items);
  const isLarge = (sorted[0]?.zippedBytes ?? 0) > bounds.capacity;
  if (isLarge || sumOf(sorted) > bounds.count * bounds.capacity) return { kind: 'impossible' };
  const first = countLumps(sorted, bounds);
  const [lumps, grains] = [sorted.slice(0, first), sorted.slice(first)];
  const packed = tryOrders(lumps, bounds, effort);
  return packed.kind === 'packed' ? { kind: 'packed', bins: strew(grains, packed.bins, bounds) } : packed;
}

function tryOrders<T extends Sized>(items: readonly T[], bounds: Bounds, effort: number): Packing<T> {
  let spent = 0;
  for (let number = 1; spent < effort; number++) {
    const isLast = spent >= effort * ORDERS_SHARE;
    const limit = Math.min(effort - spent, isLast ? effort : FIRST_TRY * luby(number));
    const order = isLast || number === 1 ? items : shuffle(items, number);
    const left = { left: limit };
    const bins = fillBins(order, bounds, left);
    if (bins) return { kind: 'packed', bins };
    if (left.left > 0) return { kind: 'impossible' };
    spent += limit - left.left;
  }
  return { kind: 'unknown' };
}

/**
 * Items before the first that needs no search: when one of `bytes` finds no bin with room, all bins have less, which is at most
 * (`count` - 1) * `bytes` more than what is still to be placed.
 */
function countLumps(sorted: readonly Sized[], { count, capacity }: Bounds): number {
  const spare = count * capacity - sumOf(sorted);
  const first = sorted.findIndex(({ zippedBytes }) => zippedBytes * (count - 1) <= spare);
  return first < 0 ? sorted.length : first;
}

/** Each grain goes into the first bin that has room for it. */
function strew<T extends Sized>(grains: readonly T[], lumps: Bins<T>, { count, capacity }: Bounds): Bins<T> {
  const bins = Array.from({ length: count }, (_, index) => [...(lumps[index] ?? [])]);
  const room = bins.map(bin => capacity - sumOf(bin));
  for (const grain of grains) {
    const index = room.findIndex(free => free >= grain.zippedBytes);
    if (index < 0) throw new Error('grains fit wherever the lumps lie');
    bins[index]?.push(grain);
    room[index] = (room[index] ?? 0) - grain.zippedBytes;
  }
  return bins.filter(bin => bin.length > 0);
}

/** Larger ones rather first; equal ones stay beside each other. The same number gives the same order. */
function shuffle<T extends Sized>(items: readonly T[], number: number): readonly T[] {
  const random = makeRandom(number);
  const weights = new Map<number, number>();
  for (const { zippedBytes } of items)
    if (!weights.has(zippedBytes)) weights.set(zippedBytes, zippedBytes * (0.25 + 1.5 * random()));
  const weigh = ({ zippedBytes }: T): number => weights.get(zippedBytes) ?? 0;
  return [...items].sort((a, b) => weigh(b) - weigh(a) || b.zippedBytes - a.zippedBytes);
}

/** 1, 1, 2, 1, 1, 2, 4, …: lengths of tries that waste little whatever length is needed (Luby, Sinclair, Zuckerman, 1993). */
function luby(number: number): number {
  const bits = Math.ceil(Math.log2(number + 1));
  const power = 2 ** (bits - 1);
  return number === 2 ** bits - 1 ? power : luby(number - power + 1);
}

/** Mulberry32: numbers from 0 to 1 that only look random. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
