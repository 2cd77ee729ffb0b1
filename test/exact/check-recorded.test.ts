import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkRecorded } from '../../src/exact/check-recorded.ts';
import { file, treeOf } from '../helpers/exact-tree.ts';

const tree = treeOf(['api/index.mjs', 'api/index.txt', 'pkg/app.py', 'other.js'].map(path => file(path)));
const check = (handler: string, ...read: readonly string[]) => checkRecorded(new Set(read), handler, tree);
const isRefused = (error: Error): boolean => 'code' in error && error.code === 'EXACT_NOT_RECORDED';

test('a recording without the handler is none', () => {
  assert.throws(() => check('api/index.handler', 'other.js', 'api/index.txt'), isRefused);
  assert.throws(() => check('pkg.app.handler', 'other.js'), isRefused);
  assert.throws(() => check('elsewhere.handler'), isRefused);
});

test('one with it is, and one whose handler lies outside the tree', () => {
  assert.not.throws(() => check('api/index.handler', 'api/index.mjs'));
  assert.not.throws(() => check('pkg/app.handler', 'pkg/app.py'));
  assert.not.throws(() => check('pkg.app.handler', 'pkg/app.py'));
  assert.not.throws(() => check('elsewhere.handler', 'other.js'));
});

test.run();
