import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addBytecode, type BytecodeRequest } from '../../src/bytecode/add-bytecode.ts';
import { MAGIC_NUMBERS } from '../../src/bytecode/find-compiler.ts';
import { runtimes } from '../../src/platform/runtimes.ts';
import type { Context, Entry, Tree } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { compareCodeUnits, toArtifactPath } from '../../src/util/path.ts';
import { type Files, layOut, makeContext } from '../helpers/project.ts';
import { pythonPlatform } from '../helpers/python-project.ts';
import { rejects } from '../helpers/rejects.ts';
import { findPythons } from './pythons.ts';

/** Every file a part of the one package, but for `app.py` and what lies in `plugins`. */
function treeOf(files: Files): Tree {
  const entries = Object.entries(files)
    .map(([path, content]): Entry => {
      const data = typeof content === 'string' ? Buffer.from(content) : content;
      const origin = path.startsWith('plugins/')
        ? ({ kind: 'include', pattern: 'plugins/**' } as const)
        : ({ kind: 'package', package: 'pkg@1.0', parents: [] } as const);
      return {
        kind: 'file',
        path: toArtifactPath(path),
        source: { kind: 'memory', data },
        bytes: data.length,
        mode: 0o644,
        origin,
      };
    })
    .sort((a, b) => compareCodeUnits(a.path, b.path));
  const owns = Object.keys(files).filter(path => path.startsWith('pkg/'));
  const packages = [{ ecosystem: 'pypi', name: 'pkg', version: '1.0', dir: '', owns } as const];
  return { entries, packages, removals: [] };
}

const FILES: Files = {
  'app.py': 'from pkg import latin, crlf\ndef handler(event, context):\n    return latin.WORD + crlf.WORD\n',
  'pkg/__init__.py': 'import sys\n__all__ = {"a", None, "b", 1}\nassert sys\n',
  'pkg/latin.py': Buffer.from('# -*- coding: latin-1 -*-\nWORD = "gr\xfc\xdfe"\n', 'latin1'),
  'pkg/crlf.py':
    'def f():\r\n    """Says hello."""\r\n    assert False, "still there"\r\n\r\nWORD = "\\r\\n"\r\n',
  'pkg/python2.py': 'print "hello"\n',
  'pkg/template.py': 'class {{name}}:\n    pass\n',
  'pkg/nul.py': 'a = 1\0\n',
  'pkg/fails.py': 'def fail():\n    raise ValueError("on purpose")\n',
  'plugins/p.py': 'X = 1\n',
};

const [here, ...others] = await findPythons();

type Wishes = Partial<Pick<BytecodeRequest, 'mode' | 'keep'>> & { readonly version?: string };

function add(files: Files, workDir: string, wishes: Wishes = {}, context: Partial<Context> = {}) {
  const { version = here?.runtime.version ?? '3.12', mode = 'auto', keep = [] } = wishes;
  const request = { mode, keep, platform: pythonPlatform(version), library: { presets: [], alwaysKeep: [] } };
  return addBytecode(treeOf(files), request, makeContext(workDir, context));
}

const pathsOf = ({ entries }: Tree): readonly string[] => entries.map(({ path }) => path);

async function bytesOf({ entries }: Tree): Promise<ReadonlyMap<string, Buffer>> {
  const files = await Promise.all(
    entries.map(async ({ path, ...entry }) => {
      if (entry.kind === 'link') return [path, Buffer.from(entry.target)] as const;
      const { source } = entry;
      const data = source.kind === 'disk' ? await readFile(source.path) : Buffer.from(source.data);
      assert.is(data.length, entry.bytes, path);
      return [path as string, data] as const;
    }),
  );
  return new Map(files);
}

test('every Python runtime has its magic number', () => {
  const versions = runtimes.filter(({ language }) => language === 'python').map(({ version }) => version);
  assert.equal(
    versions.filter(version => MAGIC_NUMBERS[version] === undefined),
    [],
  );
});

test('without the Python of the runtime the default goes without, and a wish is an error', () =>
  withTempDir(async dir => {
    const platform = pythonPlatform();
    const request = {
      platform: { ...platform, runtime: { ...platform.runtime, version: '3.99' } },
      library: { presets: [], alwaysKeep: [] },
      keep: [],
    };
    const tree = treeOf(FILES);
    const { findings, ...rest } = await addBytecode(tree, { ...request, mode: 'auto' }, makeContext(dir));
    assert.equal(rest, { tree, report: null, inputs: [] });
    assert.equal(findings, [
      { code: 'BYTECODE_LEFT_OUT', level: 'warning', reason: 'python', detail: '3.99' },
    ]);
    await rejects(addBytecode(tree, { ...request, mode: 'only' }, makeContext(dir)), 'BYTECODE_NEEDS_PYTHON');
  }));

if (here) {
  const { runtime, python } = here;
  const tag = `cpython-${runtime.version.replace('.', '')}`;
  const run = (code: string, cwd: string): string => {
    const { status, stdout, stderr } = spawnSync(python.path, ['-B', '-s', '-E', '-c', code], {
      cwd,
      encoding: 'utf8',
    });
    assert.is(status, 0, stderr);
    return stdout.trim();
  };

  test('what compiles gets bytecode, and what does not stays as it is', () =>
    withTempDir(async dir => {
      const { tree, report, findings, inputs } = await add(FILES, dir);
      const compiled = ['__init__', 'crlf', 'fails', 'latin'].map(
        name => `pkg/__pycache__/${name}.${tag}.pyc`,
      );
      const expected = [
        ...Object.keys(FILES),
        `__pycache__/app.${tag}.pyc`,
        `plugins/__pycache__/p.${tag}.pyc`,
        ...compiled,
      ];
      assert.equal(pathsOf(tree), expected.sort(compareCodeUnits));
      assert.equal(findings, []);
      assert.equal(inputs, [python.path]);
      assert.equal([report?.mode, report?.files, report?.uncompiled], ['unchecked', 6, 3]);
      assert.is(report?.pythonVersion, python.version);
      const [instance] = tree.packages;
      assert.equal(
        instance?.owns?.filter(path => path.endsWith('.pyc')),
        compiled,
      );
      const made = tree.entries.filter(({ path }) => path.endsWith('.pyc'));
      assert.ok(made.every(({ origin }) => origin.kind === 'generated' && origin.by === 'bytecode'));
    }));

  test('Python takes it, with the hash of the source and without a time', () =>
    withTempDir(async dir => {
      for (const [mode, flags] of [
        ['unchecked', 1],
        ['checked', 3],
      ] as const) {
        const { tree } = await add(FILES, dir, { mode });
        const files = await bytesOf(tree);
        const header = files.get(`pkg/__pycache__/latin.${tag}.pyc`)?.subarray(0, 16);
        assert.is(header?.readUInt16LE(0), MAGIC_NUMBERS[runtime.version]);
        assert.is(header?.readUInt32LE(4), flags);
        const root = join(dir, mode);
        await layOut(tree, root);
        const hash = run(
          'import importlib.util; print(importlib.util.source_hash(open("pkg/latin.py", "rb").read()).hex())',
          root,
        );
        assert.is(header?.subarray(8).toString('hex'), hash);
        assert.is(run('import app; print(app.handler(0, 0) == "gr\\xfc\\xdfe\\r\\n")', root), 'True');
        await writeFile(join(root, 'pkg/latin.py'), 'WORD = "new"\n');
        const isNew = run('import app; print(app.handler(0, 0).startswith("new"))', root);
        assert.is(isNew, mode === 'checked' ? 'True' : 'False', mode);
      }
    }));

  test('only: bytecode stands in place of sources that an import by name finds', () =>
    withTempDir(async dir => {
      const { tree, report } = await add(FILES, dir, { mode: 'only', keep: ['pkg/fails.py'] });
      const stay = ['pkg/fails.py', 'pkg/nul.py', 'pkg/python2.py', 'pkg/template.py', 'plugins/p.py'];
      const beside = [`pkg/__pycache__/fails.${tag}.pyc`, `plugins/__pycache__/p.${tag}.pyc`];
      const instead = ['app.pyc', 'pkg/__init__.pyc', 'pkg/crlf.pyc', 'pkg/latin.pyc'];
      assert.equal(pathsOf(tree), [...stay, ...beside, ...instead].sort(compareCodeUnits));
      assert.equal(
        tree.removals.map(({ path, rule, package: owner, parents }) => [path, rule.id, owner, parents?.[0]]),
        [
          ['app.py', 'bytecode/sources', undefined, 'app.pyc'],
          ['pkg/__init__.py', 'bytecode/sources', 'pkg@1.0', 'pkg/__init__.pyc'],
          ['pkg/crlf.py', 'bytecode/sources', 'pkg@1.0', 'pkg/crlf.pyc'],
          ['pkg/latin.py', 'bytecode/sources', 'pkg@1.0', 'pkg/latin.pyc'],
        ],
      );
      assert.is(report?.removedSources, 4);
      const root = join(dir, 'only');
      await layOut(tree, root);
      assert.is(run('import app; print(app.handler(0, 0) == "gr\\xfc\\xdfe\\r\\n")', root), 'True');
      assert.is(run('from pkg import crlf; print(crlf.f.__doc__)', root), 'Says hello.');
      assert.is(
        run('from pkg import crlf; print(crlf.f.__code__.co_filename)', root),
        '/var/task/pkg/crlf.py',
      );
    }));

  test('two builds give the same bytes, wherever and however they run, and nothing of this machine', () =>
    withTempDir(async one =>
      withTempDir(async two => {
        // Enough files for several processes, which share them out differently.
        const many = Object.fromEntries(
          Array.from({ length: 70 }, (_, at) => [
            `pkg/m${at}.py`,
            `NAMES = {"x", None, "y", ${at}}\nx = "y"\n`,
          ]),
        );
        const first = await bytesOf((await add({ ...FILES, ...many }, one)).tree);
        const second = await bytesOf(
          (await add({ ...many, ...FILES }, two, {}, { cacheDir: join(two, 'c') })).tree,
        );
        assert.equal([...second.keys()], [...first.keys()]);
        for (const [path, data] of first) assert.ok(second.get(path)?.equals(data), path);
        for (const [path, data] of first) assert.not.ok(data.includes(one), path);
      }),
    ));

  test('what was compiled before is taken from the cache, package by package, and nothing half-made stays', () =>
    withTempDir(async dir => {
      const cacheDir = join(dir, 'cache');
      const list = async () => (await readdir(join(cacheDir, 'bytecode'))).sort();
      const first = await add(FILES, dir, {}, { cacheDir });
      const groups = await list();
      assert.is(groups.length, 2, 'the package and the rest');
      const again = await add(FILES, dir, { mode: 'only' }, { cacheDir });
      assert.equal(await list(), groups);
      const bytes = await bytesOf(first.tree);
      assert.equal((await bytesOf(again.tree)).get('app.pyc'), bytes.get(`__pycache__/app.${tag}.pyc`));
      await add({ ...FILES, 'app.py': 'handler = 1\n' }, dir, {}, { cacheDir });
      assert.is((await list()).length, 3, 'the package was not compiled again');
      const [group = ''] = groups;
      const file = join(cacheDir, 'bytecode', group, '0.pyc');
      const whole = await readFile(file);
      for (const [path, damage] of [
        [file, ''],
        [join(cacheDir, 'bytecode', group, 'index.json'), '[4'],
      ] as const) {
        await writeFile(path, damage);
        await add(FILES, dir, {}, { cacheDir });
        assert.ok((await readFile(file)).equals(whole), 'what is damaged is made anew');
      }
      const aborted = new AbortController();
      aborted.abort();
      const changed = { ...FILES, 'pkg/__init__.py': 'A = 1\n' };
      await rejects(add(changed, dir, {}, { cacheDir, signal: aborted.signal }), 'CANCELLED');
      assert.is((await list()).length, 3);
    }));

  test('what the user included in its place stays, other bytecode there does not', () =>
    withTempDir(async dir => {
      const files = {
        ...FILES,
        [`plugins/__pycache__/p.${tag}.pyc`]: 'mine',
        [`pkg/__pycache__/latin.${tag}.pyc`]: 'stale',
      };
      const bytes = await bytesOf((await add(files, dir)).tree);
      assert.is(bytes.get(`plugins/__pycache__/p.${tag}.pyc`)?.toString(), 'mine');
      assert.not.equal(bytes.get(`pkg/__pycache__/latin.${tag}.pyc`)?.toString(), 'stale');
    }));

  for (const { runtime: other, python: its } of others) {
    test(`bytecode for ${other.id} runs there`, () =>
      withTempDir(async dir => {
        const { tree } = await add(FILES, dir, { mode: 'only', version: other.version });
        await layOut(tree, join(dir, 'task'));
        const code = 'import app; print(app.handler(0, 0) == "gr\\xfc\\xdfe\\r\\n")';
        const { stdout, stderr } = spawnSync(its.path, ['-B', '-s', '-E', '-c', code], {
          cwd: join(dir, 'task'),
          encoding: 'utf8',
        });
        assert.is(stdout.trim(), 'True', stderr);
      }));
  }
}

test.run();
