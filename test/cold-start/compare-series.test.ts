import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareSeries } from '../../src/cold-start/compare-series.ts';
import type { BenchComparison, BenchMetric } from '../../src/cold-start/types.ts';
import { makeSeries, makeStart, makeSubject } from '../helpers/bench.ts';

const [before, after] = [makeSubject('before'), makeSubject('after')];
const inits = (values: readonly number[]) => values.map(value => makeStart(value));
const of = (comparisons: readonly BenchComparison[], metric: BenchMetric) =>
  comparisons.find(one => one.metric === metric);

test('the first is the measure, and what is clearly apart is called so', () => {
  const slow = makeSeries(before, 'warm', inits([500, 510, 520, 530, 540]));
  const fast = makeSeries(after, 'warm', inits([250, 255, 260, 265, 270]));
  const faster = of(compareSeries([slow, fast]), 'init');
  assert.equal(
    [faster?.base, faster?.other, faster?.ratio, faster?.verdict],
    ['before', 'after', 0.5, 'faster'],
  );
  assert.is(of(compareSeries([fast, slow]), 'init')?.verdict, 'slower');
});

test('what overlaps is noise, even where the medians differ', () => {
  const one = makeSeries(before, 'warm', inits([500, 510, 520, 530, 900]));
  const other = makeSeries(after, 'warm', inits([495, 505, 525, 528, 1000]));
  assert.is(of(compareSeries([one, other]), 'init')?.verdict, 'noise');
  assert.is(of(compareSeries([one, other]), 'warm')?.verdict, 'noise');
});

test('four starts each are too few to tell, however far apart they are; five are enough', () => {
  const four = [
    makeSeries(before, 'warm', inits([1, 2, 3, 4])),
    makeSeries(after, 'warm', inits([9, 9, 9, 9])),
  ];
  assert.is(of(compareSeries(four), 'init')?.verdict, 'too-few');
  const five = [
    makeSeries(before, 'warm', inits([1, 2, 3, 4, 5])),
    makeSeries(after, 'warm', inits([9, 9, 9, 9, 9])),
  ];
  assert.is(of(compareSeries(five), 'init')?.verdict, 'slower');
});

test('each state of the page cache is compared with itself', () => {
  const series = [
    makeSeries(before, 'warm', inits([10, 10])),
    makeSeries(after, 'warm', inits([20, 20])),
    makeSeries(before, 'cold', inits([100, 100])),
    makeSeries(after, 'cold', inits([300, 300])),
  ];
  const ratios = compareSeries(series)
    .filter(({ metric }) => metric === 'init')
    .map(({ cache, ratio }) => [cache, ratio]);
  assert.equal(ratios, [
    ['warm', 2],
    ['cold', 3],
  ]);
});

test('nothing is compared with or by what failed', () => {
  const failure = { round: 1, invocation: 1, errorType: 'E', errorMessage: 'no' };
  const good = makeSeries(after, 'warm', inits([1, 2, 3]));
  const bad = makeSeries(before, 'warm', inits([1, 2]), [failure]);
  assert.equal(compareSeries([bad, good]), []);
  assert.equal(compareSeries([good, bad]), []);
});

test('a provisioned function has no init to compare, but a start', () => {
  const cold = makeSeries(before, null, inits([100, 110, 120]));
  const provisioned = makeSeries(after, null, [makeStart(null), makeStart(null)]);
  const comparisons = compareSeries([cold, provisioned]);
  assert.is(of(comparisons, 'init'), undefined);
  assert.is(of(comparisons, 'start')?.ratio, 40 / 150);
});

test.run();
