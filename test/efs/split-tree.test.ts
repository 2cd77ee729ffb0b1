import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { splitTree } from '../../src/efs/split-tree.ts';
import { matchGlobs } from '../../src/presets/match-glob.ts';
import type { Entry, Tree } from '../../src/types.ts';
import { type EfsCase, treeOf } from './make-efs.ts';

function split(each: EfsCase | Tree, language: 'nodejs' | 'python' = 'nodejs', own: readonly string[] = []) {
  const tree = 'entries' in each ? each : treeOf(each);
  const { zip, bundle } = splitTree(tree, { language, isWanted: matchGlobs(own) });
  return {
    zip: zip.map(tell),
    bundle: Object.fromEntries(bundle.map(({ entry, group }) => [tell(entry), group])),
  };
}

const tell = (entry: Entry): string =>
  entry.kind === 'link' ? `${entry.path} -> ${entry.target}` : entry.path;

test('packages go with all that is in them, own files where they are wanted', () => {
  const files = {
    'index.mjs': '',
    'package.json': '',
    '.lambda-slim/x.cjs': '',
    'model/net.onnx': '',
    'model.txt': '',
    'other/data.json': '',
    'node_modules/a/index.js': '',
    'node_modules/a/node_modules/b/index.js': '',
    'node_modules/@s/c/lib/x.so': '',
    'sub/node_modules/d/index.js': '',
  };
  assert.equal(split({ files }, 'nodejs', ['model/**', 'model.txt', '.lambda-slim/**']), {
    zip: [
      '.lambda-slim/x.cjs',
      'index.mjs',
      'other/data.json',
      'package.json',
      'sub/node_modules/d/index.js',
    ],
    bundle: {
      'model.txt': './model.txt',
      'model/net.onnx': 'model/',
      'node_modules/@s/c/lib/x.so': '@s/c',
      'node_modules/a/index.js': 'a',
      'node_modules/a/node_modules/b/index.js': 'a',
    },
  });
});

test('the handler stays, whatever the globs say, and so does what was generated', () => {
  const { entries, ...rest } = treeOf({ files: { 'index.mjs': '', 'data.bin': '', 'made.txt': '' } });
  const origins = [
    { kind: 'include', pattern: '**' },
    { kind: 'entry', inputs: [] },
    { kind: 'generated', by: 'x' },
  ] as const;
  const tree: Tree = {
    ...rest,
    entries: entries.map((entry, at) => ({ ...entry, origin: origins[at] as Entry['origin'] })),
  };
  assert.equal(split(tree, 'nodejs', ['**']), {
    zip: ['index.mjs', 'made.txt'],
    bundle: { 'data.bin': './data.bin' },
  });
});

test('own code stays where the handler finds it, and that of a model goes with its weights', () => {
  const origins: Readonly<Record<string, Entry['origin']>> = {
    'app.py': { kind: 'entry', inputs: [] },
    'flags.py': { kind: 'include', pattern: '**' },
    'labels.txt': { kind: 'asset', parents: ['app.py'] },
    'model/code.py': { kind: 'asset', parents: ['app.py'] },
    'model/net.bin': { kind: 'asset', parents: ['app.py'] },
    'plugins/__init__.py': { kind: 'traced', parents: ['app.py'] },
    'plugins/data.json': { kind: 'include', pattern: '**' },
    'plugins/deep/late.py': { kind: 'include', pattern: '**' },
    'util.py': { kind: 'traced', parents: ['app.py'] },
  };
  const { entries, ...rest } = treeOf({
    files: Object.fromEntries(Object.keys(origins).map(path => [path, ''])),
  });
  const tree: Tree = {
    ...rest,
    entries: entries.map(entry => ({ ...entry, origin: origins[entry.path] as Entry['origin'] })),
  };
  assert.equal(split(tree, 'python', ['**']), {
    zip: ['app.py', 'flags.py', 'plugins/__init__.py', 'plugins/deep/late.py', 'util.py'],
    bundle: {
      'labels.txt': './labels.txt',
      'model/code.py': 'model/',
      'model/net.bin': 'model/',
      'plugins/data.json': 'plugins/',
    },
  });
});

test('of a Python function go what distributions own and what lies in their packages', () => {
  const files = {
    'app.py': '',
    'bin/own.sh': '',
    'bin/tool': '',
    'numpy/__init__.py': '',
    'numpy/own.py': '',
    'numpy/core/a.so': '',
    'numpy.libs/b.so': '',
    'numpy-1.dist-info/RECORD': '',
    'space/dist/__init__.py': '',
    'space/own/__init__.py': '',
    'mine/__init__.py': '',
    'mine/foreign.py': '',
  };
  const owned = {
    numpy: [
      'numpy/__init__.py',
      'numpy/core/a.so',
      'numpy.libs/b.so',
      'numpy-1.dist-info/RECORD',
      'bin/tool',
    ],
    space: ['space/dist/__init__.py', 'mine/foreign.py'],
  };
  assert.equal(split({ files, owned }, 'python'), {
    zip: ['app.py', 'bin/own.sh', 'mine/__init__.py', 'mine/foreign.py', 'space/own/__init__.py'],
    bundle: {
      'bin/tool': 'numpy',
      'numpy-1.dist-info/RECORD': 'numpy',
      'numpy.libs/b.so': 'numpy',
      'numpy/__init__.py': 'numpy',
      'numpy/core/a.so': 'numpy',
      'numpy/own.py': 'numpy',
      'space/dist/__init__.py': 'space',
    },
  });
});

test('links within a side stay; one to a file of the other side becomes a copy of it; one to a folder goes where that is', () => {
  const files = {
    'lib/own.so': 'own',
    'lib/within': '-> own.so',
    'lib/across': '-> ../node_modules/a/a.so',
    'lib/through': '-> ../node_modules/b/to-own',
    'lib/circle': '-> circle',
    'node_modules/a/a.so': 'a',
    'node_modules/a/within': '-> a.so',
    'node_modules/b/to-own': '-> ../../lib/own.so',
    'node_modules/own': '-> ../lib',
    'packages/a': '-> ../node_modules/a',
  };
  const { zip, bundle } = split({ files });
  assert.equal(
    zip,
    [
      'lib/across',
      'lib/circle -> circle',
      'lib/own.so',
      'lib/through',
      'lib/within -> own.so',
      'node_modules/own -> ../lib',
    ].sort(),
  );
  assert.equal(Object.keys(bundle), [
    'node_modules/a/a.so',
    'node_modules/a/within -> a.so',
    'node_modules/b/to-own',
    'packages/a -> ../node_modules/a',
  ]);
  assert.is(bundle['packages/a -> ../node_modules/a'], 'packages/');
});

test.run();
