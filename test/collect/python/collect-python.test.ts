import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectOriginal } from '../../../src/collect/collect-original.ts';
import type { Collected } from '../../../src/collect/collected.ts';
import { collectPython } from '../../../src/collect/python/collect-python.ts';
import { describePython } from '../../../src/lambda/find-python.ts';
import type { ResolvedFunction } from '../../../src/types.ts';
import { exec } from '../../../src/util/exec.ts';
import { type Files, makeContext, withProject } from '../../helpers/project.ts';
import { makePythonFunction, offlineEnv } from '../../helpers/python-project.ts';
import { rejects } from '../../helpers/rejects.ts';
import { sourceFiles, wheel } from '../../helpers/wheels.ts';

const NO_HINTS = () => ({ external: null, bundle: false, unusedDependencies: [], install: null });

/** Collects a function whose files lie in `fn`, and gives what `use` makes of it. */
function withCollected<T>(
  files: Files,
  use: (collected: Collected, dir: string, fn: ResolvedFunction) => Promise<T> | T,
  overrides: (dir: string) => Partial<ResolvedFunction> = () => ({}),
): Promise<T> {
  return withProject({ 'fn/.git/HEAD': '', ...files }, async dir => {
    const root = join(dir, 'fn');
    const workDir = join(dir, 'work');
    await mkdir(workDir);
    const fn = makePythonFunction(root, overrides(root));
    const context = { ...makeContext(workDir), cwd: root, env: offlineEnv(join(dir, 'wheels')) };
    return use(await collectPython(fn, context), dir, fn);
  });
}

const pathsOf = ({ tree }: Collected): readonly string[] => tree.entries.map(({ path }) => path);

const HANDLER = 'def handler(event, context): pass\n';

const PROJECT: Files = {
  'fn/app.py': `
import json
from lib import scale
from lib.nested.deep import x as y
import importlib
importlib.import_module("plugins.one")
def handler(event, context):
    from late import thing
`,
  'fn/lib/__init__.py': '',
  'fn/lib/scale.py': 'from . import helper\n',
  'fn/lib/helper.py': 'if TYPE_CHECKING:\n    import lib.unused\n',
  'fn/lib/unused.py': '',
  'fn/lib/nested/deep.py': 'x = 1',
  'fn/plugins/one.py': '',
  'fn/plugins/two.py': '',
  'fn/late.cpython-312-x86_64-linux-gnu.so': 'native',
  'fn/late.cpython-312-x86_64-linux-gnu.pyc': 'stale',
  'fn/tests/test_app.py': 'import app',
  'fn/.env': 'SECRET=1',
  'fn/.venv/lib/json.py': '',
  'fn/__pycache__/app.cpython-312.pyc': '',
  'fn/model/weights.bin': 'w',
  'fn/model/.env.prod': 'SECRET=1',
  'fn/model/__pycache__/x.pyc': '',
};

test('own files are those that the imports reach, and what is included; secrets and caches only by name', async () => {
  const own = [
    'app.py',
    'late.cpython-312-x86_64-linux-gnu.so',
    'lib/__init__.py',
    'lib/helper.py',
    'lib/nested/deep.py',
    'lib/scale.py',
    'plugins/one.py',
  ];
  await withCollected(PROJECT, (collected, dir) => {
    assert.equal(pathsOf(collected), own);
    assert.is(collected.handler, 'app.handler');
    assert.equal(collected.findings, []);
    assert.ok(collected.inputs.includes(join(dir, 'fn/lib/helper.py')));
    const origins = Object.fromEntries(collected.tree.entries.map(({ path, origin }) => [path, origin]));
    assert.equal(origins['app.py'], { kind: 'entry', inputs: [] });
    assert.equal(origins['lib/helper.py'], { kind: 'traced', parents: ['lib/scale.py'] });
  });
  const wide = { include: ['model/**', '.*'] };
  const included = await withCollected(PROJECT, pathsOf, () => wide);
  assert.equal(included, [...own, 'model/weights.bin'].sort());
  const named = await withCollected(PROJECT, pathsOf, () => ({
    include: ['model/.env.prod'],
    exclude: ['plugins/**'],
  }));
  assert.ok(named.includes('model/.env.prod'));
  assert.not.ok(named.includes('plugins/one.py'));
});

test('the root of the artifact is the folder in which the code finds its own modules', async () => {
  const below: Files = {
    'fn/src/app.py': 'import utils\ndef handler(event, context): pass',
    'fn/src/utils.py': 'import util2',
    'fn/src/util2.py': '',
    'fn/data/a.txt': 'a',
    'fn/src/b.txt': 'b',
    // No code, although it has the name of a module.
    'fn/utils/picture.png': '',
  };
  const overrides = (root: string) => ({ entry: join(root, 'src/app.py'), include: ['data/*', 'src/*.txt'] });
  await withCollected(
    below,
    collected => {
      assert.is(collected.handler, 'app.handler');
      assert.equal(pathsOf(collected), ['app.py', 'b.txt', 'data/a.txt', 'util2.py', 'utils.py']);
    },
    overrides,
  );
  const above: Files = {
    ...below,
    'fn/src/app.py': 'from src import utils\ndef handler(event, context): pass',
    'fn/src/utils.py': '',
  };
  await withCollected(
    above,
    collected => {
      assert.is(collected.handler, 'src/app.handler');
      assert.equal(pathsOf(collected), ['data/a.txt', 'src/app.py', 'src/b.txt', 'src/utils.py']);
    },
    overrides,
  );
});

test('a module that nobody brings is told, but for one that the code may do without', async () => {
  const app = `
import yaml, os.path, boto3, encodings.idna
import pkg.none
from . import x
try:
    import ujson
except ImportError:
    import simplejson_fast
def handler(event, context):
    from missing.part import y
`;
  const files = { 'fn/app.py': app, 'fn/pkg/__init__.py': '' };
  const { findings } = await withCollected(files, each => each);
  const external = { external: ['yaml', 'missing'] };
  assert.equal(
    (
      await withCollected(
        files,
        each => each,
        () => external,
      )
    ).findings,
    [],
  );
  assert.equal(
    findings,
    ['yaml', 'missing'].map(module => ({
      code: 'IMPORT_UNRESOLVED',
      level: 'warning',
      module,
      importer: 'app.py',
    })),
  );
});

test('packages, local ones too, become instances that own their files', async () => {
  const files: Files = {
    'fn/app.py': 'import ext\nfrom near.part import x\ndef handler(event, context): pass',
    'fn/requirements.txt': 'ext==1.0\n./near\nwide',
    ...Object.fromEntries(
      Object.entries(
        sourceFiles('near', '2.0', { files: { 'near/part.py': 'x = 1', 'near/rest.py': '' } }),
      ).map(([path, content]) => [`fn/near/${path}`, content]),
    ),
    ...Object.fromEntries(
      Object.entries({ ...wheel('ext', '1.0'), ...wheel('wide', '3.0') }).map(([path, content]) => [
        `wheels/${path}`,
        content,
      ]),
    ),
  };
  await withCollected(files, async (collected, dir, fn) => {
    const { tree, findings, installed, inputs } = collected;
    assert.equal(
      tree.packages.map(({ name, version, dir: folder, ecosystem }) => [name, version, folder, ecosystem]),
      [
        ['ext', '1.0', '', 'pypi'],
        ['near', '2.0', '', 'pypi'],
        ['wide', '3.0', '', 'pypi'],
      ],
    );
    assert.equal(findings, [
      { code: 'REQUIREMENTS_LOOSE', level: 'warning', file: 'requirements.txt', packages: ['wide'] },
    ]);
    assert.ok(pathsOf(collected).includes('near/rest.py'));
    assert.not.ok(pathsOf(collected).some(path => path.endsWith('/INSTALLER')));
    assert.equal([installed.stage, installed.files > tree.entries.length], ['install', true]);
    for (const input of ['fn/requirements.txt', 'fn/near/backend.py'])
      assert.ok(inputs.includes(join(dir, input)));

    const context = { ...makeContext(join(dir, 'work')), cwd: fn.root, env: offlineEnv(join(dir, 'wheels')) };
    const original = await collectOriginal(fn, NO_HINTS, context);
    const paths = original.entries.map(({ path }): string => path);
    assert.is(original.handler, collected.handler);
    for (const path of [
      'app.py',
      'near/part.py',
      'near/backend.py',
      'ext/__init__.py',
      'ext-1.0.dist-info/INSTALLER',
    ])
      assert.ok(paths.includes(path), path);
    assert.not.ok(paths.some(path => path.startsWith('.git/')));
    assert.is(await readFile(join(fn.root, 'requirements.txt'), 'utf8'), files['fn/requirements.txt']);
  });
});

// Without a Python of the runtime's version nothing can be said.
const hasPython = (await describePython('3.12', { cwd: '/', signal: new AbortController().signal })) !== null;

test('own files that are no Python are told, with the line', () =>
  withCollected(
    { 'fn/app.py': 'import helper\ndef handler(event, context): pass\n', 'fn/helper.py': 'a = 1\nx = = 1\n' },
    ({ findings }) => {
      const broken = findings.map(({ code, ...facts }) => ('line' in facts ? [code, facts.line] : [code]));
      assert.equal(broken, hasPython ? [['SOURCE_BROKEN', 2]] : []);
    },
  ));

test('modules of a package that are imported by computed names go in; what may mean anything is told', () =>
  withCollected(
    {
      'fn/app.py':
        'import importlib\ndef handler(event, context):\n    importlib.import_module("plugins." + event)\n',
      'fn/plugins/__init__.py': '',
      'fn/plugins/one.py': 'import importlib\nimportlib.import_module(__name__)',
      'fn/plugins/two/__init__.py': '',
      'fn/other/three.py': '',
    },
    collected => {
      assert.equal(pathsOf(collected), [
        'app.py',
        'plugins/__init__.py',
        'plugins/one.py',
        'plugins/two/__init__.py',
      ]);
      assert.equal(collected.findings, [
        { code: 'IMPORT_COMPUTED', level: 'info', importers: ['plugins/one.py'] },
      ]);
    },
  ));

// Elsewhere no file system has such names.
if (process.platform === 'linux') {
  test('an included file whose name is no UTF-8 is told and left out', () =>
    withProject({ 'app.py': HANDLER, 'data/a.txt': 'a', 'work/.keep': '' }, async dir => {
      await writeFile(Buffer.concat([Buffer.from(`${dir}/data/b`), Buffer.from([0xff])]), 'b');
      const fn = makePythonFunction(dir, { include: ['data/*'] });
      const collected = await collectPython(fn, makeContext(join(dir, 'work')));
      assert.equal(pathsOf(collected), ['app.py', 'data/a.txt']);
      assert.equal(collected.findings, [{ code: 'NAME_NOT_UTF8', level: 'warning', path: 'data/b\uFFFD' }]);
      await exec('rm', ['-r', join(dir, 'data')], { cwd: dir });
    }));
}

test('an entry without its handler, or with a name that nobody can write, is refused', async () => {
  const collect = (files: Files, overrides?: (root: string) => Partial<ResolvedFunction>) =>
    withCollected(files, () => {}, overrides);
  const error = await rejects(
    collect({ 'fn/app.py': 'def main(event, context): pass' }),
    'HANDLER_EXPORT_MISSING',
  );
  assert.match(error.message, /"handler".* It exports main\./);
  await collect({ 'fn/app.py': 'from somewhere import *' });
  await collect({ 'fn/app.py': 'try:\n    from a import b as handler\nexcept ImportError:\n    pass' });
  const dotted = (root: string) => ({ entry: join(root, 'my.app.py') });
  await rejects(collect({ 'fn/my.app.py': 'handler = 1' }, dotted), 'ARTIFACT_PATH');
});

test.run();
