import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rank, softmax } from '../../../src/handlers/resnet/rank.ts';

test('ranks the best three first, rounded to four decimals', () => {
  assert.equal(rank([0.1, 0.512345, 0.2, 0.18], ['a', 'b', 'c', 'd'], 3), [
    { label: 'b', probability: 0.5123 },
    { label: 'c', probability: 0.2 },
    { label: 'd', probability: 0.18 },
  ]);
});

test('ranks by the exact score; equals keep the order of the labels', () => {
  const ranked = rank([0.10001, 0.10002, 0.3, 0.3], ['a', 'b', 'c', 'd'], 4);
  assert.equal(
    ranked.map(({ label }) => label),
    ['c', 'd', 'b', 'a'],
  );
});

test('a model with two labels has two predictions', () => {
  assert.is(rank([0.4, 0.6], ['a', 'b'], 3).length, 2);
});

test('softmax sums to one and stands large logits', () => {
  const [first = 0, second = 0] = softmax([1000, 1000]);
  assert.is(first, 0.5);
  assert.is(second, 0.5);
  const [a = 0, b = 0, c = 0] = softmax([1, 2, 3]);
  assert.ok(Math.abs(a + b + c - 1) < 1e-12);
  assert.ok(Math.abs(c - 0.66524) < 1e-5);
});

test.run();
