import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { chooseExpected } from '../../src/efs/choose-expected.ts';
import { splitTree } from '../../src/efs/split-tree.ts';
import type { Origin } from '../../src/types.ts';
import { type EfsCase, treeOf } from './make-efs.ts';

function expectedOf(
  each: EfsCase,
  language: 'nodejs' | 'python',
  askedBy: Readonly<Record<string, string>> = {},
): string {
  const { entries, ...rest } = treeOf(each);
  const originOf = (parent: string): Origin => ({ kind: 'traced', parents: [parent] });
  const known = entries.map(entry => {
    const parent = askedBy[entry.path];
    return parent === undefined ? entry : { ...entry, origin: originOf(parent) };
  });
  return chooseExpected(
    splitTree({ ...rest, entries: known }, { language, isWanted: path => path.startsWith('model') }),
    language,
  );
}

test('what a release is known by is the folder of a package that own code asks for, which the next version has too', () => {
  const files = {
    'index.mjs': '',
    'node_modules/@a/inner/index.js': '',
    'node_modules/reader/lib/index.js': '',
    'node_modules/sharp/index.js': '',
  };
  const askedBy = {
    'node_modules/@a/inner/index.js': 'node_modules/reader/lib/index.js',
    'node_modules/reader/lib/index.js': 'src/handler.ts',
    'node_modules/sharp/index.js': 'src/handler.ts',
  };
  assert.is(expectedOf({ files }, 'nodejs', askedBy), 'node_modules/reader');
  assert.is(expectedOf({ files }, 'nodejs'), 'node_modules/@a/inner');
});

test('of Python it is what is imported, without versions, platforms and hashes', () => {
  const owned = {
    numpy: ['numpy/__init__.py', 'numpy.libs/b-1a2b.so', 'numpy-1.dist-info/RECORD', 'bin/f2py'],
    _cffi: ['_cffi.cpython-312-x86_64-linux-gnu.so'],
    six: ['six.py', '__pycache__/six.cpython-312.pyc'],
  };
  const paths = ['app.pyc', ...Object.values(owned).flat()];
  const files = Object.fromEntries(paths.map(path => [path, '']));
  assert.is(expectedOf({ files, owned }, 'python'), 'numpy');
  assert.is(expectedOf({ files, owned }, 'python', { 'six.py': 'app.py' }), 'six.py');
  assert.is(expectedOf({ files, owned }, 'python', { 'six.py': 'numpy/__init__.py' }), 'numpy');
});

test('without packages it is a folder of own files; a function that needs nothing expects nothing', () => {
  assert.is(expectedOf({ files: { 'index.mjs': '', 'model/net.bin': '' } }, 'nodejs'), 'model');
  assert.is(expectedOf({ files: { 'app.py': '', 'model.txt': '' } }, 'python'), '');
});

test.run();
