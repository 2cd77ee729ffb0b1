import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { median, percentile, toSpread } from '../../src/cold-start/statistics.ts';

test('the median of an even number is between the two in the middle', () => {
  assert.is(median([9, 1, 5]), 5);
  assert.is(median([9, 1, 5, 7]), 6);
  assert.is(median([4]), 4);
  assert.ok(Number.isNaN(median([])));
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 20 }, (_, i) => 20 - i);
  assert.is(percentile(values, 0.95), 19);
  assert.is(percentile(values, 1), 20);
  assert.is(percentile([3], 0.95), 3);
});

test('a spread is sorted as numbers are, not as words', () => {
  assert.equal(toSpread([100, 20, 3]), { p50: 20, min: 3, max: 100 });
  assert.is(toSpread([]), null);
});

test.run();
