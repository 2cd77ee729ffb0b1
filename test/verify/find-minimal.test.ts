import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findGuilty, type Suspect } from '../../src/verify/find-guilty.ts';
import { type Budget, findMinimal } from '../../src/verify/find-minimal.ts';

function makeBudget(most = Number.POSITIVE_INFINITY): Budget & { readonly taken: () => number } {
  let taken = 0;
  return { take: () => taken < most && ++taken > 0, taken: () => taken };
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const needs =
  (...wanted: readonly number[]) =>
  async (items: readonly number[]) =>
    wanted.every(item => items.includes(item));

test('one guilty item of many is found in about log2 tests', async () => {
  for (const guilty of [0, 1, 499, 998, 999]) {
    const budget = makeBudget();
    const found = await findMinimal(numbers(1000), needs(guilty), budget);
    assert.equal(found, { items: [guilty], isMinimal: true });
    assert.ok(budget.taken() <= 11, `${budget.taken()} tests`);
  }
});

test('several guilty items are all found', async () => {
  for (const guilty of [[0, 1], [0, 63], [3, 17, 40], [5, 6, 7, 8], numbers(16)]) {
    const found = await findMinimal(numbers(64), needs(...guilty), makeBudget());
    assert.equal(found.items, guilty);
    assert.ok(found.isMinimal);
  }
});

test('the result is minimal even where more is not better', async () => {
  // 3 mends alone, 3 with 4 breaks again unless 5 is there too.
  const test = async (items: readonly number[]) =>
    items.includes(3) && (!items.includes(4) || items.includes(5));
  const found = await findMinimal(numbers(8), test, makeBudget());
  assert.equal(found.items, [3]);
});

test('either of two is enough, and one of them is given', async () => {
  const test = async (items: readonly number[]) => items.includes(2) || items.includes(6);
  const found = await findMinimal(numbers(8), test, makeBudget());
  assert.is(found.items.length, 1);
});

test('nothing is tested twice, and neither all nor nothing is tested', async () => {
  const seen = new Set<string>();
  const test = async (items: readonly number[]) => {
    const key = items.join();
    assert.not(seen.has(key), key);
    assert.ok(items.length > 0 && items.length < 12);
    seen.add(key);
    return needs(1, 6, 11)(items);
  };
  assert.equal((await findMinimal(numbers(12), test, makeBudget())).items, [1, 6, 11]);
});

test('where the budget ends, the smallest set so far is given, and said not to be minimal', async () => {
  const found = await findMinimal(numbers(64), needs(0, 1, 62, 63), makeBudget(10));
  assert.not(found.isMinimal);
  assert.ok([0, 1, 62, 63].every(item => found.items.includes(item)));
  assert.equal(await findMinimal([7], needs(7), makeBudget(0)), { items: [7], isMinimal: true });
});

const suspect = (rule: string, path: string): Suspect => ({
  path,
  kind: 'removed',
  rule: { id: rule, why: 'x' },
});

test('the guilty are searched by rule, then by file', async () => {
  const suspects = [
    ...numbers(200).map(index => suspect('a/docs', `node_modules/a/docs/${index}.md`)),
    ...numbers(300).map(index => suspect('b/tests', `b/x${index % 10}/tests/t${index}.py`)),
    ...numbers(500).map(index => suspect('c/types', `node_modules/c/${index}.d.ts`)),
  ];
  const wanted = ['b/x3/tests/t3.py', 'b/x3/tests/t13.py', 'node_modules/c/250.d.ts'];
  const budget = makeBudget();
  const found = await findGuilty(
    suspects,
    async part => wanted.every(path => part.some(item => item.path === path)),
    budget,
  );
  assert.equal(found.items.map(({ path }) => path).sort(), [...wanted].sort());
  assert.ok(found.isMinimal);
  assert.ok(budget.taken() <= 40, `${budget.taken()} tests`);
});

test('a whole folder that is needed costs no more than the budget', async () => {
  const suspects = numbers(300).map(index =>
    suspect('a/data', `a/${index < 100 ? 'data' : 'docs'}/${index}`),
  );
  const budget = makeBudget(40);
  const test = async (part: readonly Suspect[]) =>
    part.filter(({ path }) => path.startsWith('a/data/')).length === 100;
  const found = await findGuilty(suspects, test, budget);
  assert.is(found.items.length, 100);
  assert.not(found.isMinimal);
});

test.run();
