import { symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test as root, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import { type EfsCase, ID, PYTHON, withEfs } from '../efs/make-efs.ts';

/** Distributions of every kind, all of which go to the file system. */
const PACKAGES = {
  'dist/__init__.py': `import os
from . import inner
FILE = __file__
def text():
    with open(os.path.join(os.path.dirname(__file__), "data", "text.txt")) as file:
        return file.read()
`,
  'dist/inner.py': 'VALUE = 1\n',
  'dist/data/text.txt': 'beside the code',
  'dist-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: dist\nVersion: 1.0\n',
  'dist-1.0.dist-info/entry_points.txt': '[group]\nname = dist.inner:VALUE\n',
  'dist-1.0.dist-info/RECORD': 'dist/__init__.py,,\ndist/inner.py,,\n',
  'single.py': 'import dist\nVALUE = dist.inner.VALUE + 1\n',
  'space/first/__init__.py': 'NAME = "first"\n',
  'space/second/__init__.py': 'NAME = "second"\n',
  'old/__init__.py': '__path__ = __import__("pkgutil").extend_path(__path__, __name__)\n',
  'old/third.py': 'NAME = "third"\n',
};
const OWNED = {
  dist: Object.keys(PACKAGES).filter(path => path.startsWith('dist')),
  single: ['single.py'],
  'space-first': ['space/first/__init__.py'],
  'space-second': ['space/second/__init__.py'],
  'old-third': ['old/__init__.py', 'old/third.py'],
};

function python(code: string, more: EfsCase['files'] = {}): EfsCase {
  return { files: { ...PACKAGES, ...more, 'app.py': code }, owned: OWNED };
}

/** All that has to hold with any Python; `test` registers, `program` runs it. */
export function addEfsPythonCases(program: string, test: Test = root, title = ''): void {
  const add = (name: string, each: EfsCase, use: Parameters<typeof withEfs>[3]): void =>
    test(`${title}${name}`, () => withEfs(program, each, PYTHON, use));

  add(
    'packages, their data and what is known of them are found on the file system',
    python(
      `"""The first line."""
from __future__ import annotations
import os, sys
import dist, single
from importlib import metadata, resources

HERE = __file__
def handler():
    points = metadata.entry_points()
    group = points.select(group="group") if hasattr(points, "select") else points["group"]
    task, here = os.environ["LAMBDA_TASK_ROOT"], os.environ["LAMBDA_SLIM_ROOT"]
    return [
        dist.FILE, dist.text(), single.VALUE, metadata.version("dist"), [point.load() for point in group],
        (resources.files("dist") / "data" / "text.txt").read_text(), [str(file) for file in metadata.files("dist")],
        __doc__, HERE == os.path.join(task, "app.py"), sys.path.index(task) < sys.path.index(here) < len(sys.path) - 2, __name__,
    ]
`,
    ),
    async (run, { release }) => {
      assert.equal((await run()).value, [
        join(release, 'dist/__init__.py'),
        'beside the code',
        2,
        '1.0',
        [1],
        'beside the code',
        ['dist/__init__.py', 'dist/inner.py'],
        'The first line.',
        true,
        true,
        'app',
      ]);
    },
  );

  add(
    'namespace packages have their parts on both sides',
    python(
      `import space.first, space.second, space.own, old.third, old.own
def handler():
    return [module.NAME for module in (space.first, space.second, space.own, old.third, old.own)]
`,
      {
        'space/own/__init__.py': 'NAME = "own"\n',
        'old/own.py': 'NAME = "own, too"\n',
      },
    ),
    async run => {
      assert.equal((await run()).value, ['first', 'second', 'own', 'third', 'own, too']);
    },
  );

  add(
    'the user’s own package stays whole, also where a distribution has files in it',
    {
      files: {
        'app.py': 'import mine.part\ndef handler():\n    return mine.part.NAME\n',
        'mine/__init__.py': '',
        'mine/part.py': 'NAME = "part"\n',
      },
      owned: { part: ['mine/part.py'] },
    },
    async run => assert.is((await run()).value, 'part'),
  );

  add(
    'processes find the packages as well, and see the same release',
    python(
      `import multiprocessing, os, subprocess, sys
import work
def handler():
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(False)
    process = context.Process(target=work.tell, args=(writer,))
    process.start()
    told = reader.recv()
    process.join()
    code = "import single, os; print(single.VALUE, os.environ['LAMBDA_SLIM_ROOT'])"
    child = subprocess.run([sys.executable, "-c", code], cwd="/", capture_output=True, text=True, check=True)
    return [told, child.stdout.strip()]
`,
      {
        'work.py': `import os
import single
def tell(writer):
    writer.send([single.VALUE, os.environ["LAMBDA_SLIM_ROOT"]])
`,
      },
    ),
    async (run, { release }) => assert.equal((await run()).value, [[2, release], `2 ${release}`]),
  );

  add(
    'the handler may lie in a package',
    {
      ...python('', {
        'src/__init__.py': 'import single\n',
        'src/api.py': 'from . import other\nhandler = other.handler\n',
        'src/other.py': 'import dist\ndef handler():\n    return [dist.text(), __name__]\n',
      }),
      handler: 'src/api.handler',
    },
    async run => assert.equal((await run()).value, ['beside the code', 'src.other']),
  );

  add(
    'variables that name something in the release are settled once, with a slash behind or not',
    {
      ...python(
        `import os
def handler():
    with open(os.environ["MODEL_DIR"] + "/net.txt") as file:
        return [os.environ["MODEL_DIR"], os.environ["OTHER"], os.environ["LAMBDA_SLIM_ROOT"], file.read(), os.path.exists(os.path.join(os.path.dirname(__file__), "model"))]
`,
        { 'model/net.txt': 'weights' },
      ),
      own: ['model/**'],
    },
    async (run, { release, current }) => {
      for (const [variable, model] of [
        [current, `${current}/model`],
        [`${current}/`, `${current}/model`],
        [`${release}/`, `${release}/model`],
      ] as const) {
        const { value } = await run({ LAMBDA_SLIM_ROOT: variable, MODEL_DIR: model, OTHER: `${current}2/x` });
        assert.equal(value, [`${release}/model`, `${current}2/x`, release, 'weights', false], variable);
      }
    },
  );

  add(
    'current is looked at once: what is switched meanwhile does not reach a running instance',
    python(
      `import os
def handler():
    link = os.environ["CURRENT"][1:]
    os.unlink(link)
    os.symlink("nowhere", link)
    import dist, single
    return [dist.text(), single.VALUE, "${ID}" in dist.FILE]
`,
    ),
    async (run, { current }) => {
      assert.equal((await run({ CURRENT: `=${current}` })).value, ['beside the code', 2, true]);
      await unlink(current);
      await symlink(`releases/${ID}`, current);
    },
  );

  add(
    'a folder that is no release of this function is told with its path, and one that is no whole path as well',
    python('def handler():\n    return 1\n'),
    async (run, { current, release }) => {
      const store = dirname(current);
      const messageOf = async (root: string): Promise<string> => {
        const { value } = await run({ LAMBDA_SLIM_ROOT: root });
        return (value as { error: { message: string } }).error.message;
      };
      const wrong = await messageOf(store);
      assert.match(
        wrong,
        `LAMBDA_SLIM_ROOT is ${store}, which is no release of this function: dist is not in it.`,
      );
      assert.not.match(wrong, '\n');
      assert.match(
        await messageOf('mnt/current'),
        'LAMBDA_SLIM_ROOT is mnt/current, which is no absolute path.',
      );
      assert.is((await run({ LAMBDA_SLIM_ROOT: release })).value, 1);
    },
  );

  add(
    'a file system that is not there is told in one clear sentence',
    python('def handler():\n    return 1\n'),
    async (run, { task }) => {
      const values = await Promise.all([
        run({ LAMBDA_SLIM_ROOT: '/mnt/nowhere/current' }),
        run({ LAMBDA_SLIM_ROOT: '' }),
        run({ LAMBDA_SLIM_ROOT: join(task, 'app.py') }),
      ]);
      const messages = values.map(({ value }) => (value as { error: { message: string } }).error.message) as [
        string,
        string,
        string,
      ];
      assert.match(messages[0], 'LAMBDA_SLIM_ROOT is /mnt/nowhere/current, and it is not there. Is the file');
      assert.match(messages[1], 'the variable LAMBDA_SLIM_ROOT is not set');
      assert.match(messages[2], 'it is no folder');
      for (const message of messages) assert.not.match(message, '\n');
    },
  );
}
