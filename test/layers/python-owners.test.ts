import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ownerOfPython, readDistributions } from '../../src/layers/python-owners.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';

const never = new AbortController().signal;

test('bytecode and what else lies in the package of one distribution belong to it', () => {
  const owner = ownerOfPython(new Map([['numpy', ['numpy/__init__.py', 'numpy.libs/libblas.so']]]));
  const numpy = { name: 'numpy', folder: 'python/' };
  assert.equal(owner('numpy/__init__.py'), numpy);
  assert.equal(owner('numpy/__pycache__/__init__.cpython-312.pyc'), numpy);
  assert.equal(owner('numpy.libs/libother.so'), numpy);
  assert.is(owner('numpy.py'), null);
  assert.is(owner('app/numpy/x.py'), null);
});

test('of a namespace package each distribution has its own, and the rest is the user’s', () => {
  const owner = ownerOfPython(
    new Map([
      ['google-auth', ['google/auth/__init__.py']],
      ['google-api', ['google/api/__init__.py']],
    ]),
  );
  assert.is(owner('google/auth/__init__.py')?.name, 'google-auth');
  assert.is(owner('google/api/__init__.py')?.name, 'google-api');
  assert.is(owner('google/mine/__init__.py'), null);
});

test('the distributions of an artifact by their names', () =>
  withTempDir(async dir => {
    const zip = join(dir, 'a.zip');
    await writeFile(
      zip,
      zipOf({
        'numpy-2.2.6.dist-info/RECORD': 'numpy/__init__.py,,\n../../bin/f2py,,\n../../../../etc/passwd,,\n',
        'python_dateutil-2.9.0.post0.dist-info/RECORD': 'dateutil/__init__.py,,\n',
        'vendor/six-1.0.dist-info/RECORD': 'six.py,,\n',
        'numpy/__init__.py': '',
      }),
    );
    assert.equal(
      [...(await readDistributions(zip, never))],
      [
        ['numpy', ['numpy/__init__.py', 'bin/f2py']],
        ['python_dateutil', ['dateutil/__init__.py']],
      ],
    );
  }));

test.run();
