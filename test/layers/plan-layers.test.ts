import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import { sumOf } from '../../src/layers/complete-bin.ts';
import type { Unit } from '../../src/layers/find-units.ts';
import { type Bin, planLayers } from '../../src/layers/plan-layers.ts';
import { LAYER_KINDS, type LayerKind } from '../../src/publish-types.ts';
import { plantBins, SPREADS, type Spread, seeded } from '../helpers/planted-bins.ts';

const CAPACITY = 52_428_800;
const MIB = 1024 * 1024;
const MOST = 5;

function unit(name: string, kind: LayerKind, zippedBytes: number): Unit {
  return { name, kind, picks: [], zippedBytes, unzippedBytes: zippedBytes };
}

/** Name of each layer and what is in it. */
function told(bins: readonly Bin[]): readonly string[] {
  return bins.map(
    ({ kind, number, units }) => `${kind}-${number}: ${units.map(({ name }) => name).join(' ')}`,
  );
}

function refusal(units: readonly Unit[], most: number): string {
  try {
    planLayers(units, most, CAPACITY);
  } catch (error) {
    if (error instanceof SlimError && error.code === 'LAYERS_IMPOSSIBLE') return error.message;
    throw error;
  }
  throw new Error('it was planned');
}

test('kinds are apart, the largest that change rarely first', () => {
  const units = [
    unit('a', 'deps', 10),
    unit('model/', 'models', 20),
    unit('sharp', 'native', 30),
    unit('z', 'deps', 5),
  ];
  assert.equal(told(planLayers(units, MOST, CAPACITY)), [
    'native-1: sharp',
    'models-1: model/',
    'deps-1: a z',
  ]);
});

test('where there are fewer layers, kinds share: natives and models first', () => {
  const units = [unit('a', 'deps', 10), unit('model/', 'models', 20), unit('sharp', 'native', 30)];
  assert.equal(told(planLayers(units, 2, CAPACITY)), ['native-1: model/ sharp', 'deps-1: a']);
  assert.equal(told(planLayers(units, 1, CAPACITY)), ['native-1: a model/ sharp']);
});

test('natives stay apart where only models and packages fit together', () => {
  const units = [
    unit('a', 'deps', 5 * MIB),
    unit('model/', 'models', 20 * MIB),
    unit('sharp', 'native', 45 * MIB),
  ];
  assert.equal(told(planLayers(units, 2, CAPACITY)), ['native-1: sharp', 'models-1: a model/']);
});

test('layers of one kind are counted, and there are no more than needed', () => {
  const units = ['a', 'b', 'c', 'd'].map(name => unit(name, 'deps', 20 * MIB));
  assert.equal(told(planLayers(units, MOST, CAPACITY)), ['deps-1: a b', 'deps-2: c d']);
});

test('one package larger than a layer is named', () => {
  const units = [unit('a', 'deps', 10), unit('tensorflow', 'native', CAPACITY + 1)];
  assert.match(refusal(units, MOST), `tensorflow alone has ${CAPACITY + 1} bytes zipped`);
});

test('what does not fit into so many layers is refused', () => {
  const units = Array.from({ length: 6 }, (_, index) => unit(`p${index}`, 'deps', 30 * MIB));
  assert.match(refusal(units, MOST), 'there is no way to put 6 packages into 5 layers');
  assert.match(refusal(units.slice(0, 1), 0), 'into 0 layers');
  assert.is(planLayers(units.slice(1), MOST, CAPACITY).length, MOST);
});

test('with a bucket there is no limit to a layer, and each kind has one', () => {
  const units = [unit('a', 'deps', 60 * MIB), unit('b', 'deps', 60 * MIB), unit('sharp', 'native', 90 * MIB)];
  const bins = planLayers(units, MOST, Number.MAX_SAFE_INTEGER);
  assert.equal(told(bins), ['native-1: sharp', 'deps-1: a b']);
});

test('200 sets of packages up to 249 MiB for which there is a split: one is found each time, and the same again', () => {
  const random = seeded(249);
  const spreads = Object.keys(SPREADS) as readonly Spread[];
  for (let seed = 0; seed < 200; seed++) {
    const bins = 1 + Math.floor(random() * MOST);
    const pieces = 2 ** Math.floor(1 + random() * 8);
    const spread = spreads[seed % spreads.length] ?? 'even';
    // 1 MiB of 250 is free, as much or as little as 249 leave.
    const planting = { bins, capacity: CAPACITY, free: Math.ceil(MIB / MOST), pieces, spread };
    const units = plantBins(seed, planting).map(({ zippedBytes }, index) =>
      unit(`p${index}`, LAYER_KINDS[Math.floor(random() * 3)] ?? 'deps', zippedBytes),
    );
    assert.ok(sumOf(units) <= 249 * MIB);
    const planned = planLayers(units, bins, CAPACITY);
    assert.ok(planned.length <= bins, `set ${seed}`);
    assert.ok(
      planned.every(bin => sumOf(bin.units) <= CAPACITY),
      `set ${seed}`,
    );
    assert.is(new Set(planned.flatMap(bin => bin.units)).size, units.length);
    assert.is(new Set(planned.map(({ kind, number }) => `${kind}-${number}`)).size, planned.length);
    if (seed % 20 === 0) assert.equal(told(planLayers(units, bins, CAPACITY)), told(planned));
  }
});

test.run();
