import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findStripRules } from '../../src/native/strip-rules.ts';
import { parsePreset } from '../../src/presets/parse-preset.ts';
import type { PresetLibrary } from '../../src/presets/schema.ts';
import type { NativeOptions, Tree } from '../../src/types.ts';
import { entryOf } from '../helpers/results.ts';

const OPTIONS: NativeOptions = { strip: true, stripExcept: [], dedupe: true, compress: null };
const PATHS = ['node_modules/a/liba.so', 'node_modules/a/x/b.node', 'node_modules/c/c.node', 'own.so'];
const TREE: Tree = {
  entries: PATHS.map(path => entryOf(path, 1, { kind: 'include', pattern: '**' })),
  packages: [
    { ecosystem: 'npm', name: 'a', version: '1.0.0', dir: 'node_modules/a', owns: null },
    { ecosystem: 'npm', name: 'c', version: '1.0.0', dir: 'node_modules/c', owns: null },
  ],
  removals: [],
};

function libraryOf(...presets: readonly object[]): PresetLibrary {
  const parsed = presets.map((preset, index) => {
    const text = JSON.stringify({ ecosystem: 'npm', ...preset });
    return { ...parsePreset(text, 'p.json'), name: `p${index}`, file: 'p.json', user: false };
  });
  return { presets: parsed, alwaysKeep: [] };
}

const reasons = (options: Partial<NativeOptions>, library: PresetLibrary) =>
  PATHS.map(findStripRules(TREE, { ...OPTIONS, ...options }, library));

test('everything may be stripped where nobody objects', () => {
  assert.equal(reasons({}, libraryOf()), [null, null, null, null]);
});

test('a preset switches it off for a package, or for some of its files', () => {
  const whole = { package: 'c', native: { strip: false } };
  const glob = { glob: 'x/*.node', why: 'it reads its own symbol table at run time' };
  const some = { package: 'a', native: { strip: true, stripExcept: [glob] } };
  assert.equal(reasons({}, libraryOf(whole, some)), [
    null,
    'the preset p1 says: it reads its own symbol table at run time',
    'the preset p0 switches it off',
    null,
  ]);
});

test('a library with a checksum beside it stays as it is', () => {
  const withChecksums = (...names: readonly string[]): Tree => ({
    ...TREE,
    entries: [...TREE.entries, ...names.map(name => entryOf(name, 1, { kind: 'include', pattern: '**' }))],
  });
  const ask = (tree: Tree, path: string) => findStripRules(tree, OPTIONS, libraryOf())(path);
  assert.match(ask(withChecksums('lib/.libcrypto.so.3.hmac'), 'lib/libcrypto.so.3') ?? '', /checksum/);
  assert.match(ask(withChecksums('lib/libsoftokn3.chk'), 'lib/libsoftokn3.so') ?? '', /libsoftokn3.chk/);
  assert.is(ask(withChecksums('other/libsoftokn3.chk'), 'lib/libsoftokn3.so'), null);
});

test('the user switches it off by path or altogether', () => {
  const [first, , , own] = reasons({ stripExcept: ['own.*'] }, libraryOf());
  assert.is(first, null);
  assert.match(own ?? '', /stripExcept/);
  assert.equal(new Set(reasons({ strip: false }, libraryOf())), new Set(['stripping is switched off']));
});

test.run();
