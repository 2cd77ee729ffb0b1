import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareRanks } from '../../src/cold-start/rank-test.ts';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test('samples that are wholly apart give 2 of all ways to choose', () => {
  near(compareRanks([1, 2, 3], [4, 5, 6]), 2 / 20);
  near(compareRanks([4, 5, 6, 7, 8], [1, 2, 3]), 2 / 56);
});

test('equal samples, and one value on each side, tell nothing', () => {
  near(compareRanks([5, 5, 5], [5, 5, 5]), 1);
  near(compareRanks([1], [2]), 1);
});

// The example in the documentation of scipy.stats.mannwhitneyu, with method='exact'.
test('it agrees with the exact test of scipy', () => {
  near(compareRanks([19, 22, 16, 29, 24], [20, 11, 17, 12]), 0.1111111111111111);
});

test('ties share the mean of their ranks, and it does not matter which sample comes first', () => {
  const a = [1, 2, 2, 3, 9];
  const b = [2, 3, 3, 4];
  near(compareRanks(a, b), countByHand(a, b));
  near(compareRanks(b, a), countByHand(a, b));
  assert.ok(countByHand(a, b) > 0.5 && countByHand(a, b) < 1);
});

test('a hundred values on each side are no burden', () => {
  const a = Array.from({ length: 100 }, (_, i) => i * 2);
  assert.ok(
    compareRanks(
      a,
      a.map(value => value + 1),
    ) > 0.9,
  );
  assert.ok(
    compareRanks(
      a,
      a.map(value => value + 100),
    ) < 1e-9,
  );
});

/** The same by trying every choice. */
function countByHand(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b];
  const rank = (value: number): number =>
    (all.filter(other => other < value).length * 2 + all.filter(other => other === value).length + 1) / 2;
  const ranks = all.map(rank);
  const sumOf = (mask: number): number => ranks.reduce((sum, r, i) => sum + ((mask >> i) & 1 ? r : 0), 0);
  const choices = Array.from({ length: 2 ** all.length }, (_, mask) => mask).filter(
    mask => mask.toString(2).replaceAll('0', '').length === a.length,
  );
  const middle = (a.length * (all.length + 1)) / 2;
  const seen = Math.abs(sumOf(2 ** a.length - 1) - middle);
  return choices.filter(mask => Math.abs(sumOf(mask) - middle) >= seen - 1e-9).length / choices.length;
}

test.run();
