import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Sized, sumOf } from '../../src/layers/complete-bin.ts';
import type { Bounds } from '../../src/layers/fill-bins.ts';
import { packBins } from '../../src/layers/pack-bins.ts';
import { plantBins, SPREADS, type Spread, seeded } from '../helpers/planted-bins.ts';

const CAPACITY = 52_428_800;
const EFFORT = 100_000_000;

const sized = (...bytes: readonly number[]): readonly Sized[] => bytes.map(zippedBytes => ({ zippedBytes }));

/** Packs, and looks that each item is in one bin and no bin too full. */
function pack(items: readonly Sized[], bounds: Bounds, effort = EFFORT): string {
  const packing = packBins(items, bounds, effort);
  if (packing.kind !== 'packed') return packing.kind;
  const { bins } = packing;
  assert.ok(bins.length <= bounds.count, 'no more bins than allowed');
  assert.ok(bins.every(bin => bin.length > 0 && sumOf(bin) <= bounds.capacity));
  assert.is(new Set(bins.flat()).size, items.length);
  assert.is(bins.flat().length, items.length);
  return 'packed';
}

/** Whether there is a way, by trying all. */
function isPossible(sizes: readonly number[], { count, capacity }: Bounds): boolean {
  const room = Array.from({ length: count }, () => capacity);
  const place = (at: number): boolean => {
    const size = sizes[at];
    if (size === undefined) return true;
    return room.some((free, index) => {
      if (free < size) return false;
      room[index] = free - size;
      const isPlaced = place(at + 1);
      room[index] = free;
      return isPlaced;
    });
  };
  return place(0);
}

test('nothing needs no bin, and one item one', () => {
  const bounds = { count: 5, capacity: CAPACITY };
  assert.equal(packBins([], bounds, EFFORT), { kind: 'packed', bins: [] });
  const item = { zippedBytes: CAPACITY };
  assert.equal(packBins([item], bounds, EFFORT), { kind: 'packed', bins: [[item]] });
});

test('what is too large for a bin, or for all of them, is impossible', () => {
  const bounds = { count: 2, capacity: 100 };
  assert.is(pack(sized(101), bounds), 'impossible');
  assert.is(pack(sized(100, 100, 1), bounds), 'impossible');
  assert.is(pack(sized(1), { count: 0, capacity: 100 }), 'impossible');
});

test('small sets: found where trying all finds a way, and else proved to be impossible', () => {
  const random = seeded(1);
  const seen = new Set<string>();
  for (let round = 0; round < 2000; round++) {
    const bounds = { count: 1 + Math.floor(random() * 4), capacity: 20 };
    const sizes = Array.from({ length: 1 + Math.floor(random() * 9) }, () => 1 + Math.floor(random() * 14));
    const found = pack(sized(...sizes), bounds);
    seen.add(found);
    assert.is(found, isPossible(sizes, bounds) ? 'packed' : 'impossible', `${sizes} into ${bounds.count}`);
  }
  assert.equal([...seen].sort(), ['impossible', 'packed']);
});

test('a set that was made by cutting up bins is put together again', () => {
  for (const spread of Object.keys(SPREADS) as readonly Spread[])
    for (const [seed, pieces] of [2, 5, 9, 20, 60, 400].entries()) {
      const planting = { bins: 5, capacity: CAPACITY, free: 100_000, pieces, spread };
      assert.is(pack(plantBins(seed, planting), { count: 5, capacity: CAPACITY }), 'packed', spread);
    }
});

test('bins that are full to the last byte, of few pieces', () => {
  for (let seed = 0; seed < 20; seed++) {
    const planting = { bins: 4, capacity: CAPACITY, free: 0, pieces: 5, spread: 'even' } as const;
    assert.is(pack(plantBins(seed, planting), { count: 4, capacity: CAPACITY }), 'packed', String(seed));
  }
});

test('thousands of items, alike and tiny, full bins included', () => {
  const bounds = { count: 5, capacity: 100_000 };
  assert.is(pack(sized(...Array.from({ length: 5000 }, () => 100)), bounds), 'packed');
  assert.is(pack(sized(...Array.from({ length: 5001 }, () => 100)), bounds), 'impossible');
  assert.is(pack(sized(...Array.from({ length: 20_000 }, (_, index) => 1 + (index % 7))), bounds), 'packed');
});

test('items over half a bin are counted, however many small ones there are', () => {
  const large = sized(...Array.from({ length: 6 }, (_, index) => 51 + index));
  const small = sized(...Array.from({ length: 40 }, (_, index) => 1 + (index % 3)));
  assert.is(pack([...large, ...small], { count: 5, capacity: 100 }), 'impossible');
  assert.is(pack([...large, ...small], { count: 6, capacity: 100 }), 'packed');
});

test('what is not found within the effort is not called impossible', () => {
  const planting = { bins: 5, capacity: CAPACITY, free: 0, pieces: 12, spread: 'even' } as const;
  const items = plantBins(3, planting);
  assert.is(pack(items, { count: 5, capacity: CAPACITY }, 10), 'unknown');
  assert.is(pack(items, { count: 5, capacity: CAPACITY }), 'packed');
});

test('the same items give the same bins', () => {
  const planting = { bins: 5, capacity: CAPACITY, free: 50_000, pieces: 12, spread: 'alike' } as const;
  const items = plantBins(8, planting);
  const bounds = { count: 5, capacity: CAPACITY };
  assert.equal(packBins(items, bounds, EFFORT), packBins(items, bounds, EFFORT));
});

test.run();
