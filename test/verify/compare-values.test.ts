import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareValues } from '../../src/verify/compare-values.ts';
import { toDifference } from '../../src/verify/mismatch.ts';
import { parseValue } from '../../src/verify/parse-value.ts';

/** Places at which two JSON texts differ. */
function places(expected: string, actual: string, tolerance = 1e-6): readonly string[] {
  return compareValues(parseValue(expected), parseValue(actual), tolerance).map(({ at }) => at);
}

const SAME: readonly (readonly [string, string])[] = [
  ['{"a":1,"b":[1,2]}', '{"b":[1,2],"a":1}'],
  ['1', '1.0'],
  ['-0', '0'],
  ['-0.0', '0'],
  ['1000000', '1000000.5'],
  ['0.1', '0.1000001'],
  ['0', '1e-7'],
  ['NaN', 'NaN'],
  ['{"a":-Infinity}', '{"a":-Infinity}'],
  ['9007199254740993', '9007199254740993'],
  ['"\\u0041"', '"A"'],
  ['{"a":"NaN 1 12345678901234567890"}', '{"a":"NaN 1 12345678901234567890"}'],
];

const DIFFERENT: readonly (readonly [string, string, ...string[]])[] = [
  ['{"a":{"b":[1,2]}}', '{"a":{"b":[1,3]}}', 'a.b.1'],
  ['{"a":1}', '{}', 'a'],
  ['{}', '{"a":null}', 'a'],
  ['[1,2]', '[1]', 'length'],
  ['[]', '[1]', 'length'],
  ['{"a":[1,2,3]}', '{"a":[9,2]}', 'a.length', 'a.0'],
  ['[1]', '{"0":1}', ''],
  ['1', '"1"', ''],
  ['null', 'false', ''],
  ['0', '1e-5', ''],
  ['1000000', '1000002', ''],
  ['1763726074000', '1763726074001', ''],
  ['1000000.5', '1000002.5', ''],
  ['1', '-1', ''],
  ['NaN', 'null', ''],
  ['Infinity', '-Infinity', ''],
  ['Infinity', '1e300', ''],
  ['9007199254740993', '9007199254740992', ''],
  ['9007199254740993', '9007199254740995', ''],
  ['{"__proto__":1}', '{}', '__proto__'],
  ['{"constructor":1}', '{}', 'constructor'],
  ['"a"', '"A"', ''],
];

for (const [a, b] of SAME) test(`${a} is the same as ${b}`, () => assert.equal(places(a, b), []));
for (const [a, b, ...at] of DIFFERENT) {
  test(`${a} is not ${b}`, () => {
    assert.equal(places(a, b), at);
    assert.is(places(b, a).length, at.length);
  });
}

test('the tolerance is relative, and absolute below 1; without one numbers have to be equal', () => {
  assert.equal(places('100.5', '101', 0.01), []);
  assert.equal(places('0.001', '0.009', 0.01), []);
  assert.equal(places('100.5', '102', 0.01), ['']);
  assert.equal(places('0.1', '0.10000000000000002', 0), ['']);
});

test('what is no JSON is none', () => {
  for (const text of ['', 'NaN1', '{', "{'a':1}", 'undefined', '01', '[1,]'])
    assert.is(parseValue(text), undefined, text);
});

test('a person sees where two long texts part', () => {
  const [a, b] = [`${'x'.repeat(500)}A${'y'.repeat(500)}`, `${'x'.repeat(500)}B${'y'.repeat(500)}`];
  const { expected, actual } = toDifference({ at: 'body', expected: a, actual: b });
  assert.ok(expected.includes('A') && expected.length < 130, expected);
  assert.ok(actual.includes('B') && actual.startsWith('…') && actual.endsWith('…'));
  assert.is(toDifference({ at: 'a', expected: 1, actual: undefined }).actual, 'nothing');
  const bytes = toDifference({ at: 'body', expected: Buffer.from([1, 2, 3]), actual: Buffer.from([1, 9]) });
  assert.match(bytes.expected, /^3 bytes, at 1: 0203$/);
});

test.run();
