import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makePythonGraph } from '../../src/exact/python-graph.ts';
import { file } from '../helpers/exact-tree.ts';

const graph = makePythonGraph([
  file('app.py', 'import pkg.sub.deep\nfrom pkg import native, name, nothing'),
  file('pkg/__init__.py', 'from .a import *\nfrom .sub import deep'),
  file('pkg/a.py', 'from . import b; from .. import above'),
  file('pkg/b.py', ''),
  file('pkg/native.cpython-312-x86_64-linux-gnu.so', ''),
  file('pkg/name/__init__.py', ''),
  file('pkg/sub/deep.py', 'from ...... import far\nfrom ..a import x'),
  file('pkg/__pycache__/b.cpython-312.pyc', ''),
]);

test('packages above, submodules, extension modules and namespace packages are imported', () => {
  assert.equal([...graph('app.py')].sort(), [
    'pkg/__init__.py',
    'pkg/name/__init__.py',
    'pkg/native.cpython-312-x86_64-linux-gnu.so',
    'pkg/sub/deep.py',
  ]);
});

test('relative imports go by the package of the file', () => {
  assert.equal(graph('pkg/__init__.py'), ['pkg/a.py', 'pkg/sub/deep.py']);
  assert.equal(graph('pkg/a.py'), ['pkg/__init__.py', 'pkg/b.py'], 'none above the root');
  assert.equal(graph('pkg/sub/deep.py'), ['pkg/__init__.py', 'pkg/a.py']);
});

test('what is no source imports nothing', () => {
  assert.equal(graph('pkg/native.cpython-312-x86_64-linux-gnu.so'), []);
  assert.equal(graph('not/there.py'), []);
});

test.run();
