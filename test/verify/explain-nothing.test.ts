import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainNothing } from '../../src/verify/explain-nothing.ts';

test('the advice is of the language of the function', () => {
  const hintOf = (language: 'nodejs' | 'python'): string => {
    const finding = explainNothing([], [], language);
    return finding.code === 'VERIFY_UNEXPLAINED' ? finding.hint : '';
  };
  assert.match(hintOf('nodejs'), '"bundle": false');
  assert.match(hintOf('python'), '"bytecode": "none"');
  assert.not.match(hintOf('python'), /bundl|compileCache|external/i);
});

test.run();
