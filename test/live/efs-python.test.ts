import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findPython } from '../../src/lambda/find-python.ts';
import { PYTHON, withEfs } from '../efs/make-efs.ts';
import { addEfsPythonCases } from '../shims/efs-python-cases.ts';
import { compileNative } from '../shims/native-package.ts';

const options = { cwd: process.cwd(), signal: new AbortController().signal };
const versions = ['3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'];
const found = await Promise.all(versions.map(version => findPython(version, options)));
const pythons = found.flatMap(path => path ?? []);

for (const python of pythons) addEfsPythonCases(python, test, `${python}: `);

const hasGcc = spawnSync('gcc', ['--version']).status === 0;

if (process.platform === 'linux' && hasGcc)
  for (const python of pythons)
    test(`${python}: an extension module finds the libraries beside it, by RPATH`, async () => {
      const native = { ...(await compileNative(python)), 'n/__init__.py': 'from ._n import answer\n' };
      const files = {
        ...native,
        'app.py': 'import n\ndef handler():\n    return [n.answer(), n.__file__]\n',
      };
      const owned = { n: Object.keys(native) };
      await withEfs(python, { files, owned }, PYTHON, async (run, { release }) => {
        assert.equal((await run()).value, [42, `${release}/n/__init__.py`]);
      });
    });

test.run();
