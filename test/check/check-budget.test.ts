import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkBudget, type Spent } from '../../src/check/check-budget.ts';
import type { Budget } from '../../src/types.ts';

const FREE: Budget = { zippedBytes: null, unzippedBytes: null, growth: null, initMs: null };
const SPENT: Spent = {
  ...{ zippedBytes: 100, unzippedBytes: 1000, initMs: 50 },
  before: { zippedBytes: 90, unzippedBytes: 1000 },
};

const over = (budget: Partial<Budget>, spent: Partial<Spent> = {}): readonly string[] =>
  checkBudget({ ...SPENT, ...spent }, { ...FREE, ...budget }).map(finding =>
    finding.code === 'BUDGET_EXCEEDED' ? `${finding.budget} ${finding.value}/${finding.limit}` : finding.code,
  );

test('a budget is kept at its very limit and exceeded by one more', () => {
  assert.equal(over({ zippedBytes: 100, unzippedBytes: 1000, initMs: 50 }), []);
  assert.equal(over({ zippedBytes: 99, unzippedBytes: 999, initMs: 49 }), [
    'zipped 100/99',
    'unzipped 1000/999',
    'init 50/49',
  ]);
});

test('growth is judged by share or bytes, only against a baseline; shrinking is never too much', () => {
  assert.equal(over({ growth: { percent: 12 } }), []);
  assert.equal(over({ growth: { percent: 11 } }), ['zippedGrowth 10/9']);
  assert.equal(over({ growth: { bytes: 9 } }), ['zippedGrowth 10/9']);
  assert.equal(over({ growth: { percent: 0 } }, { before: null }), []);
  assert.equal(over({ growth: { percent: 0 } }, { zippedBytes: 80, unzippedBytes: 10 }), []);
});

test('what was not measured is not judged', () => {
  assert.equal(over({ zippedBytes: 1, initMs: 1 }, { zippedBytes: null, initMs: null }), []);
});

test.run();
