import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findIdlePatterns } from '../../src/native/find-idle-patterns.ts';
import { entryOf } from '../helpers/results.ts';

const entries = ['lib/a.so', 'node_modules/x/b.node'].map(path =>
  entryOf(path, 1, { kind: 'include', pattern: '**' }),
);

test('patterns that match no path are told with their setting, the others are not', () => {
  const compress = { minBytes: 1, only: ['lib/*.so', 'lbi/*.so'], except: ['node_modules/**', 'c'] };
  const options = { strip: true, stripExcept: ['**/*.node', '*.node'], dedupe: true, compress };
  const found = findIdlePatterns(options, entries);
  assert.equal(
    found.map(finding =>
      finding.code === 'NATIVE_PATTERN_MATCHED_NOTHING' ? [finding.setting, finding.pattern] : [],
    ),
    [
      ['native.stripExcept', '*.node'],
      ['native.compress.only', 'lbi/*.so'],
      ['native.compress.except', 'c'],
    ],
  );
  assert.equal(findIdlePatterns({ ...options, stripExcept: [], compress: null }, entries), []);
});

test.run();
