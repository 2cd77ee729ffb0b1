import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeGlob } from '../../src/presets/escape-glob.ts';
import { matchGlobs } from '../../src/presets/match-glob.ts';
import { mendOf, toGlobs } from '../../src/verify/mend.ts';

test('a path as a glob matches itself and nothing else', () => {
  const paths = [
    'node_modules/@img/sharp/lib/index.js',
    'app/[id]/page.js',
    'a/(group)/b.js',
    'a/{x,y}.js',
    'a/!b.js',
    '!a/b.js',
    'a/*.js',
    'a/b?.js',
    'a/@(b|c).js',
    'a/+(b).js',
    'a/b+c.js',
    'a/back\\slash.js',
    'a/$x^.js',
    'a/é ü.js',
    '.hidden/.x',
  ];
  for (const path of paths) {
    const match = matchGlobs([escapeGlob(path)]);
    assert.ok(match(path), `${escapeGlob(path)} matches ${path}`);
    for (const other of [...paths, 'a/x.js', 'a/b.js', 'app/i/page.js', 'a/bc.js', 'a/bb.js'])
      if (other !== path) assert.not(match(other), `${escapeGlob(path)} does not match ${other}`);
  }
  assert.is(escapeGlob('node_modules/@img/sharp/lib/index.js'), 'node_modules/@img/sharp/lib/index.js');
});

test('a folder that is needed whole is one glob; else each file is one', () => {
  const all = ['a/t/1', 'a/t/2', 'a/t/u/3', 'a/x/4', 'a/x/5', 'b/6'];
  assert.equal(toGlobs(['a/t/1', 'a/t/2', 'a/t/u/3'], all), ['a/t/**']);
  assert.equal(toGlobs(['a/t/1', 'a/t/2'], all), ['a/t/1', 'a/t/2']);
  assert.equal(toGlobs(['a/x/4', 'a/x/5'], all), ['a/x/4', 'a/x/5'], 'two files read as well as a folder');
  assert.equal(toGlobs(['a/t/1', 'a/t/2', 'a/t/u/3', 'a/x/4', 'a/x/5'], all), ['a/**']);
  assert.equal(toGlobs(all, all), ['a/**', 'b/6']);
  assert.equal(toGlobs(['[a]/1', '[a]/2', '[a]/3'], ['[a]/1', '[a]/2', '[a]/3', 'a/4']), ['\\[a\\]/**']);
});

test('each kind of rule has its own setting', () => {
  assert.equal(mendOf('numpy/tests', ['n/t'], ['n/t', 'n/u']), { setting: 'keep', add: ['n/t'] });
  assert.equal(mendOf('native/strip', ['a.so'], ['a.so']), { setting: 'native.stripExcept', add: ['a.so'] });
  assert.equal(mendOf('native/shared', ['a.so'], ['a.so']), { setting: 'native.dedupe', set: false });
  assert.equal(mendOf('native/compressed', ['a.so'], ['a.so']), {
    setting: 'native.compress.except',
    add: ['a.so'],
  });
  assert.equal(mendOf('collect/untraced', ['data/x'], ['data/x']), { setting: 'include', add: ['data/x'] });
  assert.is(mendOf('config/exclude', ['a'], ['a']), null);
});

test('no folder is kept whole of which other rules took more', () => {
  const readmes = ['n/a/1.md', 'n/a/2.md', 'n/a/3.md'];
  assert.equal(mendOf('any-package/readmes', readmes, [...readmes, 'n/a/big.so']), {
    setting: 'keep',
    add: readmes,
  });
});

test.run();
