import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listInstalled } from '../../../../src/collect/python/installed/list-installed.ts';
import type { Reached } from '../../../../src/collect/python/own/trace-python.ts';
import { traceTools } from '../../../../src/collect/python/own/trace-tools.ts';
import { type Files, withProject } from '../../../helpers/project.ts';
import { pythonPlatform } from '../../../helpers/python-project.ts';

const TOOLS: Files = {
  'setuptools/__init__.py': 'import distutils, pkg_resources',
  'pkg_resources/__init__.py': '',
  '_distutils_hack/__init__.py': '',
  'pip/__init__.py': 'import pkg_resources',
};

/** `<needed> < <who asks>`. */
function trace(files: Files, version = '3.12'): Promise<readonly string[]> {
  return withProject(files, async dir => {
    const needed = await traceTools(dir, await listInstalled(dir), new Map(), pythonPlatform(version));
    return [...needed].map(([path, parent]) => `${path} < ${parent}`);
  });
}

test('what the tools import of one another makes nothing needed, nor do tests', async () => {
  assert.equal(await trace({ ...TOOLS, 'a/tests/test_a.py': 'import pkg_resources' }), []);
});

test('a plugin that nothing imports still needs pkg_resources', async () => {
  assert.equal(
    await trace({ ...TOOLS, 'a/plugin.py': 'def f():\n    from pkg_resources import iter_entry_points' }),
    ['pkg_resources/__init__.py < a/plugin.py'],
  );
});

test('distutils are those of setuptools where Python has none', async () => {
  const files = { ...TOOLS, 'a/old.py': 'from distutils.version import LooseVersion' };
  assert.equal(await trace(files), ['_distutils_hack/__init__.py < a/old.py']);
  assert.equal(await trace(files, '3.11'), []);
});

test('code for building needs no tools at run time, nor does one that is not there', async () => {
  assert.equal(await trace({ ...TOOLS, 'a/setup_ext.py': 'import setuptools\nimport distutils.core' }), []);
  assert.equal(await trace({ 'a/plugin.py': 'import pkg_resources' }), []);
});

test("the function's own code counts as well", () =>
  withProject({ 'own/app.py': 'import distutils.util', ...TOOLS }, async dir => {
    const place = { dir: `${dir}/own`, findModule: async () => [] };
    const imported = new Map<string, Reached>([['app.py', { place, parent: null }]]);
    const listed = (await listInstalled(dir)).filter(path => !path.startsWith('own/'));
    const needed = await traceTools(dir, listed, imported, pythonPlatform('3.13'));
    assert.equal([...needed], [['_distutils_hack/__init__.py', 'app.py']]);
  }));

test.run();
