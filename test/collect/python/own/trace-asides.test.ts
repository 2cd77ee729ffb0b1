import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listInstalled } from '../../../../src/collect/python/installed/list-installed.ts';
import { makeModuleFinder } from '../../../../src/collect/python/own/find-module.ts';
import { traceAsides } from '../../../../src/collect/python/own/trace-asides.ts';
import { type Files, withProject } from '../../../helpers/project.ts';

/** `<needed> < <who asks>` for every aside that is needed. */
function trace(files: Files): Promise<readonly string[]> {
  return withProject(files, async dir => {
    const needed = await traceAsides(dir, await listInstalled(dir), makeModuleFinder(dir));
    return [...needed].map(([path, parent]) => `${path} < ${parent}`).sort();
  });
}

const TESTS = { 'a/tests/__init__.py': '', 'a/tests/types.py': '', 'a/tests/test_a.py': 'import a' } as const;

test('tests that nothing else imports are not needed, whatever they import of one another', async () => {
  assert.equal(
    await trace({ ...TESTS, 'a/__init__.py': 'text = "tests"', 'a/tests/test_b.py': 'from . import types' }),
    [],
  );
});

for (const [title, line] of [
  ['an import', 'from a.tests.types import X'],
  ['a relative import', 'from .tests import types'],
  ['an import in a function', 'def f():\n    import a.tests.types'],
  ['a module by its name', 'load("a.tests.types")'],
  ['an import in try', 'try:\n    import a.tests.types\nexcept ImportError:\n    pass'],
] as const)
  test(`${title} makes a test needed, with the package that it is in`, async () => {
    assert.equal(await trace({ ...TESTS, 'a/__init__.py': '', 'a/b.py': line }), [
      'a/tests/__init__.py < a/b.py',
      'a/tests/types.py < a/b.py',
    ]);
  });

test('what a checker of types alone reads makes nothing needed', async () => {
  const line = 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a.tests import types\n';
  assert.equal(await trace({ ...TESTS, 'a/b.py': line }), []);
});

test('a test that is needed brings what it imports, and what lies beside it', async () => {
  const files = {
    'a/tests/data/x.csv': '1',
    'a/tests/types.py': 'from . import more',
    'a/tests/more.py': '',
    'a/docs/guide.txt': '',
    'a/b.py': 'from a.tests import types',
  };
  assert.equal(await trace(files), [
    'a/tests/data/x.csv < a/tests/types.py',
    'a/tests/more.py < a/tests/types.py',
    'a/tests/types.py < a/b.py',
  ]);
});

test('entry points make modules needed, and stubs are needed by those who read them', async () => {
  assert.equal(
    await trace({
      ...TESTS,
      'a-1.dist-info/entry_points.txt':
        '[a.plugins]\nx = a.tests.types:X\n[console_scripts]\ny = a.tests.test_a:main\n',
      'b/__init__.py':
        'import lazy_loader as lazy\n__getattr__, _, __all__ = lazy.attach_stub(__name__, __file__)',
      'b/__init__.pyi': '',
      'b/c.py': '',
      'b/c.pyi': '',
    }),
    [
      'a/tests/__init__.py < a-1.dist-info/entry_points.txt',
      'a/tests/types.py < a-1.dist-info/entry_points.txt',
      'b/__init__.pyi < b/__init__.py',
    ],
  );
});

test('a package whose code lies in docs is no documentation: its importers need it', async () => {
  assert.equal(
    await trace({
      'botocore/docs/docstring.py': '',
      'botocore/handlers.py': 'from botocore.docs.docstring import X',
    }),
    ['botocore/docs/docstring.py < botocore/handlers.py'],
  );
});

test.run();
