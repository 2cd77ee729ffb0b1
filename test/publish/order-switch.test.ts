import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/platform/limits.ts';
import { orderSwitch, type Sizes } from '../../src/publish/order-switch.ts';
import { seeded } from '../helpers/planted-bins.ts';

const MB = 1_000_000;
const of = (code: number, layers: number): Sizes => ({ code: code * MB, layers: layers * MB });

test('layers come first where they grow, and last where they shrink', () => {
  assert.is(orderSwitch(of(100, 0), of(10, 90)), 'configuration-first');
  assert.is(orderSwitch(of(10, 90), of(100, 0)), 'code-first');
  assert.is(orderSwitch(of(10, 90), of(11, 90)), 'configuration-first');
});

test('the other order is taken where both do not fit beside each other', () => {
  assert.is(orderSwitch(of(200, 0), of(10, 190)), 'code-first');
  assert.is(orderSwitch(of(10, 190), of(200, 0)), 'configuration-first');
});

test('exactly 250 MiB do not fit', () => {
  const half = limits.unzippedBytes / 2;
  assert.is(orderSwitch({ code: half, layers: 0 }, { code: 10, layers: half }), 'code-first');
  assert.is(orderSwitch({ code: half, layers: 0 }, { code: 10, layers: half - 1 }), 'configuration-first');
});

test('layers of unknown size fit beside less code than there will be', () => {
  assert.is(orderSwitch(of(1, 200), { code: 201 * MB, layers: limits.unzippedBytes }), 'configuration-first');
});

test('whatever is legal before and after is legal in between', () => {
  const random = seeded(7);
  const size = (most: number): number => Math.floor(random() * most);
  for (let round = 0; round < 5000; round++) {
    const [deployed, next] = [0, 0].map((): Sizes => {
      const code = size(limits.unzippedBytes);
      return { code, layers: size(limits.unzippedBytes - code) };
    }) as [Sizes, Sizes];
    const order = orderSwitch(deployed, next);
    const between = order === 'code-first' ? next.code + deployed.layers : deployed.code + next.layers;
    assert.ok(between < limits.unzippedBytes, JSON.stringify({ deployed, next, order }));
  }
});

test.run();
