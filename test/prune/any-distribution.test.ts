import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPresets } from '../../src/presets/load.ts';
import { prune } from '../../src/prune/prune.ts';
import { pythonPlatform } from '../helpers/python-project.ts';
import { file, TRACED } from './make-tree.ts';

const library = await loadPresets();

/** Prunes a distribution that no preset knows; those of its files that code imports are in `imported`. */
function pruneFiles(names: readonly string[], imported: readonly string[] = []) {
  const entries = names.map(name => file(name, imported.includes(name) ? TRACED : undefined));
  const owns = entries.map(({ path }) => path);
  const packages = [{ ecosystem: 'pypi', name: 'unknown', version: '1.0', dir: '', owns }] as const;
  const options = { library, level: 'safe', disable: [], enable: [], keep: [] } as const;
  return prune({ entries, packages, removals: [] }, options, pythonPlatform()).tree;
}

const TAKEN: Readonly<Record<string, readonly string[]>> = {
  'stale-bytecode': ['a/__pycache__/b.cpython-312.pyc', '__pycache__/six.cpython-312.pyc'],
  'type-stubs': ['a/__init__.pyi', 'a/py.typed'],
  'cython-sources': ['a/b.pyx', 'a/b.pxd', 'a/c.pxi.in', 'a/d.pyx.tp', 'a/meson.build'],
  headers: ['a/include/b.h', 'a/include/c.hpp', 'a/d.h.in'],
  'native-sources': ['a/b.c', 'a/src/c.cpp', 'a/d.f90'],
  'static-archives': ['a/lib/libb.a', 'a/c.cmake', 'lib/pkgconfig/a.pc'],
  'windows-binaries': ['a/c.pyd', 'setup/cli-64.exe'],
  tests: ['a/tests/test_b.py', 'tests/__init__.py', 'a/b/tests/data/x.csv'],
  'pytest-settings': ['conftest.py', 'a/conftest.py'],
  examples: ['examples/one.py', 'a/docs/index.rst', 'a/benchmarks/b.py'],
  'shared-data': ['share/man/man1/a.1', 'share/doc/a/README', 'share/icons/a.svg'],
  'installer-data': ['a-1.0.dist-info/zip-safe', 'a-1.0.dist-info/dependency_links.txt'],
};

test('kinds of files go from any distribution, each by its rule, and there is a case for each rule', () => {
  const rules = library.presets.find(({ name }) => name === 'any-distribution')?.rules ?? [];
  assert.equal(
    rules.map(({ id }) => id),
    Object.keys(TAKEN),
  );
  for (const [rule, names] of Object.entries(TAKEN)) {
    const taken = pruneFiles(names).removals.map(removal => [removal.path, removal.rule.id]);
    assert.equal(
      taken,
      [...names].sort().map(name => [name, `any-distribution/${rule}`]),
    );
  }
});

test('whatever is imported stays, and so do modules and data beside', () => {
  const names = ['a/tests/__init__.py', 'a/tests/types.py', 'conftest.py', 'examples/__init__.py', 'a/x.pyi'];
  assert.equal(
    pruneFiles(names, names).entries.map(({ path }) => path),
    names,
  );
  const useful = [
    'a/test/__init__.py',
    'a/testing/__init__.py',
    'a/test_utils.py',
    'a/b_test.py',
    'a/style.css',
    'a/notes.md',
    'a/data/tests.json',
    'a/docs.py',
    'a/runtime/Python.Runtime.dll',
    'share/jupyter/nbconvert/templates/base/null.j2',
    'cffi/_cffi_include.h',
    'a/b.cpython-312-x86_64-linux-gnu.so',
    'a.libs/libc-1234.so.1',
    'a-1.0.dist-info/METADATA',
    'a-1.0.dist-info/RECORD',
    'a-1.0.dist-info/WHEEL',
    'a-1.0.dist-info/entry_points.txt',
    'a-1.0.dist-info/licenses/LICENSE.txt',
    'a-1.0.dist-info/namespace_packages.txt',
    'a-1.0.dist-info/requires.txt',
    'a-1.0.dist-info/top_level.txt',
  ];
  assert.equal(
    pruneFiles(useful)
      .entries.map(({ path }) => path as string)
      .sort(),
    [...useful].sort(),
  );
});

test.run();
