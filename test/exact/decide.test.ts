import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cutTree } from '../../src/exact/cut-tree.ts';
import { decide } from '../../src/exact/decide.ts';
import type { Touched } from '../../src/exact/read-log.ts';
import { loadPresets } from '../../src/presets/load.ts';
import type { Entry, PackageInstance, Runtime } from '../../src/types.ts';
import { readElfFixture } from '../helpers/elf-fixtures.ts';
import { ENTRY, file, link, TRACED, treeOf } from '../helpers/exact-tree.ts';
import { NODEJS24 } from '../helpers/project.ts';
import { makePreset } from '../prune/make-tree.ts';

const library = await loadPresets();

interface Case {
  readonly entries: readonly Entry[];
  readonly packages?: readonly PackageInstance[];
  readonly read?: readonly string[];
  readonly looked?: readonly string[];
  readonly listed?: readonly string[];
  readonly keep?: readonly string[];
  readonly language?: Runtime['language'];
}

function cut({
  entries,
  packages = [],
  read = [],
  looked = [],
  listed = [],
  keep = [],
  language = 'nodejs',
}: Case) {
  const tree = treeOf(entries, packages);
  const touched: Touched = { read: new Set(read), looked: new Set(looked), listed: new Set(listed) };
  const target = { runtime: { ...NODEJS24, language }, arch: 'x64' } as const;
  const done = cutTree(tree, decide(tree, touched, { library, keep, target }), 1);
  const isEmpty = (entry: Entry): boolean => entry.kind === 'file' && entry.bytes === 0;
  return {
    ...done,
    kept: done.tree.entries.filter(entry => !isEmpty(entry)).map(({ path }): string => path),
    emptied: done.tree.entries.filter(isEmpty).map(({ path }): string => path),
    gone: done.tree.removals.map(({ path }) => path),
  };
}

test('what neither way reaches goes, and each way alone is counted', () => {
  const { kept, gone, report, rest, tree } = cut({
    entries: [
      file('index.mjs', '0123456789', ENTRY),
      file('n/traced.js', '01234', TRACED),
      file('n/run.js', '0123456'),
      file('n/neither.js', '012'),
    ],
    packages: [{ ecosystem: 'npm', name: 'n', version: '1.0.0', dir: 'n', owns: null }],
    read: ['index.mjs', 'n/run.js'],
  });
  assert.equal(kept, ['index.mjs', 'n/run.js', 'n/traced.js']);
  assert.equal(gone, ['n/neither.js']);
  assert.equal(
    rest.map(({ path }) => path),
    ['n/neither.js'],
  );
  assert.equal(report, {
    events: 1,
    bytesBefore: 25,
    savedByTraceBytes: 10,
    savedByRunBytes: 8,
    savedBytes: 3,
    removedFiles: 1,
    emptiedFiles: 0,
    rest: null,
  });
  const [removal] = tree.removals;
  assert.is(removal?.rule.id, 'exact/not-needed');
  assert.is(removal?.package, 'n@1.0.0');
});

test('licences, manifests, metadata and what "keep" names stay', () => {
  const { gone } = cut({
    entries: [
      file('node_modules/a/LICENSE'),
      file('node_modules/a/package.json'),
      file('a-1.0.dist-info/METADATA'),
      file('a-1.0.dist-info/RECORD'),
      file('a-1.0.dist-info/INSTALLER'),
      file('model/x.bin'),
      file('model/y.bin'),
    ],
    keep: ['model/x.*'],
  });
  assert.equal(gone, ['a-1.0.dist-info/INSTALLER', 'model/y.bin']);
});

test('keep rules of presets hold inside their package', () => {
  const preset = makePreset({
    keep: [{ glob: 'data/**', why: 'it is read on a path that tests seldom take' }],
  });
  const tree = treeOf(
    [file('node_modules/pkg/data/x'), file('data/x')],
    [{ ecosystem: 'npm', name: 'pkg', version: '1.0.0', dir: 'node_modules/pkg', owns: null }],
  );
  const touched = { read: new Set<string>(), looked: new Set<string>(), listed: new Set<string>() };
  const target = { runtime: NODEJS24, arch: 'x64' } as const;
  const verdict = decide(tree, touched, { library: { presets: [preset], alwaysKeep: [] }, keep: [], target });
  assert.equal([...verdict.stays], ['node_modules/pkg/data/x']);
});

test('what was only looked at is there without its bytes, but for what would load or be read without a word', () => {
  const { kept, emptied, gone, rest, report } = cut({
    entries: [
      file('bin/helper', readElfFixture('program')),
      file('data.bin', 'a\0b'),
      file('locales/fr.hbs', 'Bonjour, {{name}}'),
      file('lazy.js'),
      file('lazy.py'),
      file('settings.json'),
      file('script'),
      file('lib.node', readElfFixture('libtiny.so.1')),
      file('unseen.js'),
    ],
    looked: [
      'bin/helper',
      'data.bin',
      'locales/fr.hbs',
      'lazy.js',
      'lazy.py',
      'settings.json',
      'script',
      'lib.node',
      'not/there',
    ],
  });
  assert.equal(emptied, ['bin/helper', 'data.bin', 'lib.node']);
  assert.equal(kept, ['lazy.js', 'lazy.py', 'locales/fr.hbs', 'script', 'settings.json']);
  assert.equal(gone, ['unseen.js']);
  assert.equal(
    rest.map(({ path }) => path),
    ['bin/helper', 'data.bin', 'lib.node', 'unseen.js'],
  );
  assert.ok(
    rest.every(entry => entry.kind === 'file' && entry.bytes > 0),
    'the rest has the bytes',
  );
  assert.is(report.emptiedFiles, 3);
});

test('a folder that was listed shows the same names, one that was looked at is there', () => {
  const { kept, emptied, gone } = cut({
    entries: [
      file('locales/de.js'),
      file('locales/icon.png', '\0'),
      file('locales/deep/x.png', '\0'),
      file('seen/a/big.bin', 'a long one\0'),
      file('seen/b.bin', 'short\0'),
      file('code/big.js', 'a long one'),
      file('code/small.js', 'short'),
    ],
    listed: ['locales'],
    looked: ['seen', 'code', 'seen/a'],
  });
  assert.equal(kept, ['code/small.js', 'locales/de.js']);
  assert.equal(emptied, ['locales/icon.png', 'seen/a/big.bin']);
  assert.equal(gone, ['code/big.js', 'locales/deep/x.png', 'seen/b.bin']);
});

test('libraries come along with what needs them, by RPATH or by name, links included', () => {
  const { kept, gone } = cut({
    entries: [
      // Needs libm.so.6 and libc.so.6; RUNPATH is $ORIGIN/../lib.
      file('a/bin/addon.node', readElfFixture('libtiny.so.1')),
      link('a/lib/libm.so.6', '../../b/libm-real.so'),
      file('b/libm-real.so', readElfFixture('libpatched.so')),
      file('c/libc.so.6', readElfFixture('libpatched.so')),
      file('c/libother.so', readElfFixture('libpatched.so')),
    ],
    read: ['a/bin/addon.node'],
  });
  assert.equal(kept, ['a/bin/addon.node', 'a/lib/libm.so.6', 'b/libm-real.so', 'c/libc.so.6']);
  assert.equal(gone, ['c/libother.so']);
});

test('links stay with what they lead to, and lead to what was read', () => {
  const { kept, gone } = cut({
    entries: [
      link('node_modules/a', '.pnpm/a@1/node_modules/a'),
      file('node_modules/.pnpm/a@1/node_modules/a/x.js'),
      file('node_modules/.pnpm/a@1/node_modules/a/y.js'),
      link('alias', 'node_modules/a/x.js'),
      link('b', 'node_modules/.pnpm/b@1'),
      file('node_modules/.pnpm/b@1/z.js'),
    ],
    read: ['node_modules/a/x.js'],
  });
  assert.equal(kept, ['alias', 'node_modules/.pnpm/a@1/node_modules/a/x.js', 'node_modules/a']);
  assert.equal(gone, ['b', 'node_modules/.pnpm/a@1/node_modules/a/y.js', 'node_modules/.pnpm/b@1/z.js']);
});

test('Python: imports are followed, and bytecode stays with its source', () => {
  const { kept, gone, report } = cut({
    language: 'python',
    entries: [
      file('app.py', 'import a', ENTRY),
      file('a.py', 'def f():\n  import b'),
      file('b.py'),
      file('__pycache__/b.cpython-312.pyc'),
      file('c.py', 'import d'),
      file('__pycache__/c.cpython-312.pyc'),
      file('d.py'),
      file('e.py'),
      file('__pycache__/e.cpython-312.pyc'),
    ],
    read: ['app.py', 'a.py', '__pycache__/c.cpython-312.pyc'],
  });
  assert.equal(gone, ['__pycache__/e.cpython-312.pyc', 'e.py']);
  assert.ok(kept.includes('d.py'), 'imported by what only the run found');
  assert.ok(report.savedByTraceBytes > report.savedBytes);
});

test("Python: what only a package asks for that the handler never reaches is not the function's", () => {
  const from = (parent: string) => ({ kind: 'traced', parents: [parent] }) as const;
  const { gone } = cut({
    language: 'python',
    entries: [
      file('app.py', 'import a', ENTRY),
      file('a/__init__.py', '', from('app.py')),
      file('a/tests/needed.py', '', from('a/__init__.py')),
      file('b/__init__.py', 'import b.tests.needed'),
      file('b/tests/needed.py', '', from('b/__init__.py')),
    ],
    read: ['app.py'],
  });
  assert.equal(gone, ['b/__init__.py', 'b/tests/needed.py']);
});

test('a folder that was copied was read with all that is in it', () => {
  const { gone } = cut({ entries: [file('t/a.txt'), file('t/b/c.txt'), file('u.txt')], read: ['t'] });
  assert.equal(gone, ['u.txt']);
});

test.run();
