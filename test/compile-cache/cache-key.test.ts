import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cacheKey } from '../../src/compile-cache/cache-key.ts';

test('the name is that of the file which Node.js 22 and 24 write for the module', () => {
  // Read off their cache folders, for modules at these places.
  assert.is(cacheKey('index.cjs'), 'e46257b6');
  assert.is(cacheKey('index.mjs'), '97493163');
  assert.is(cacheKey('a/index.mjs', '/tmp/cc'), '38d87b3c');
});

test('it always has eight digits', () => {
  assert.is(cacheKey('var.mjs', '/tmp/cc'), '08bb7b8e');
});

test.run();
