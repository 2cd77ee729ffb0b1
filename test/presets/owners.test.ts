import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { groupByOwner, insidePath, makeOwnerFinder } from '../../src/presets/owners.ts';
import type { PackageInstance } from '../../src/types.ts';
import { file } from '../helpers/exact-tree.ts';

const npm = (dir: string): PackageInstance => ({
  ecosystem: 'npm',
  name: dir.slice(dir.lastIndexOf('/') + 1),
  version: '1.0.0',
  dir,
  owns: null,
});
const pypi = (name: string, ...owns: readonly string[]): PackageInstance => ({
  ecosystem: 'pypi',
  name,
  version: '1.0',
  dir: '',
  owns,
});

test('a package of npm has what lies in its folder, the deeper folder first', () => {
  const find = makeOwnerFinder([npm('node_modules/a'), npm('node_modules/a/node_modules/b')]);
  assert.is(find('node_modules/a/index.js')?.name, 'a');
  assert.is(find('node_modules/a/node_modules/b/x/y.js')?.name, 'b');
  assert.is(find('node_modules/c/index.js'), undefined);
});

test('a package of PyPI has what it names, from wherever it was installed into', () => {
  const numpy = pypi('numpy', 'numpy/core.py', 'numpy.libs/libgfortran.so', 'google/__init__.py');
  const other = pypi('zeta', 'google/__init__.py', 'google/zeta.py');
  const paths = [
    'numpy/core.py',
    'numpy/own.py',
    'numpy.libs/libgfortran.so',
    'google/__init__.py',
    'google/zeta.py',
  ];
  const groups = groupByOwner(
    paths.map(path => file(path)),
    [numpy, other],
  );
  assert.equal(
    groups.map(({ instance, entries }) => [
      instance.name,
      entries.map(({ path }) => insidePath(path, instance)),
    ]),
    [
      ['numpy', ['numpy/core.py', 'numpy.libs/libgfortran.so', 'google/__init__.py']],
      ['zeta', ['google/zeta.py']],
    ],
  );
});

test.run();
