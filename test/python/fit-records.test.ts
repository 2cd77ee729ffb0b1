import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fitRecords } from '../../src/python/fit-records.ts';
import type { Entry, FileEntry, Tree } from '../../src/types.ts';
import { toArtifactPath } from '../../src/util/path.ts';

const ORIGIN = { kind: 'include', pattern: '**' } as const;

const disk = (path: string, bytes: number, root = '/installed'): FileEntry => ({
  kind: 'file',
  path: toArtifactPath(path),
  source: { kind: 'disk', path: `${root}/${path}`, mtimeMs: 1 },
  bytes,
  mode: 0o644,
  origin: ORIGIN,
});

const memory = (path: string, text: string): FileEntry => ({
  ...disk(path, Buffer.byteLength(text)),
  source: { kind: 'memory', data: Buffer.from(text) },
});

const treeOf = (entries: readonly Entry[]): Tree => ({ entries, packages: [], removals: [] });

function recordOf(tree: Tree, path = 'a-1.0.dist-info/RECORD'): readonly string[] {
  const entry = tree.entries.find(each => each.path === path);
  assert.ok(entry?.kind === 'file' && entry.source.kind === 'memory');
  assert.is(entry.bytes, entry.source.data.length);
  return Buffer.from(entry.source.data).toString().split('\n').filter(Boolean);
}

const RECORD = memory(
  'a-1.0.dist-info/RECORD',
  'a/__init__.py,sha256=one,3\na/gone.py,sha256=two,4\na/lib.so,sha256=three,100\na-1.0.dist-info/RECORD,,\nns/a.py,sha256=four,1\n',
);
const OTHER = memory('b-1.0.dist-info/RECORD', 'ns/b.py,sha256=five,1\n');
const COLLECTED = treeOf([
  RECORD,
  disk('a/__init__.py', 3),
  disk('a/gone.py', 4),
  disk('a/lib.so', 100),
  OTHER,
  disk('ns/a.py', 1),
  disk('ns/b.py', 1),
  disk('own.py', 1),
]);
const without = (...paths: readonly string[]): readonly Entry[] =>
  COLLECTED.entries.filter(({ path }) => !paths.includes(path));

test('what went has no line, what changed has no hash, and the rest is as it was', () => {
  const tree = treeOf([...without('a/gone.py', 'a/lib.so'), disk('a/lib.so', 60, '/work')]);
  const fitted = fitRecords(tree, COLLECTED);
  assert.equal(recordOf(fitted), [
    'a-1.0.dist-info/RECORD,,',
    'a/__init__.py,sha256=one,3',
    'ns/a.py,sha256=four,1',
    'a/lib.so,,60',
  ]);
  assert.equal(recordOf(fitted, 'b-1.0.dist-info/RECORD'), ['ns/b.py,sha256=five,1']);
  assert.equal(
    fitted.entries.filter(({ path }) => !path.endsWith('RECORD')),
    tree.entries.filter(({ path }) => !path.endsWith('RECORD')),
  );
});

test('bytecode belongs to the distribution of its source, beside it or in its place', () => {
  const cached = memory('a/__pycache__/__init__.cpython-312.pyc', 'pyc');
  const optimised = memory('ns/__pycache__/b.cpython-312.opt-2.pyc', 'pyc');
  const own = memory('__pycache__/own.cpython-312.pyc', 'pyc');
  const instead = memory('ns/a.pyc', 'pyc');
  const fitted = fitRecords(treeOf([...without('ns/a.py'), cached, optimised, own, instead]), COLLECTED);
  assert.equal(
    recordOf(fitted).filter(line => line.includes('.pyc')),
    ['a/__pycache__/__init__.cpython-312.pyc,,3', 'ns/a.pyc,,3'],
  );
  assert.equal(
    recordOf(fitted, 'b-1.0.dist-info/RECORD').filter(line => line.includes('.pyc')),
    ['ns/__pycache__/b.cpython-312.opt-2.pyc,,3'],
  );
});

test('a library that became a link, and a file of the same size with other bytes', () => {
  const link: Entry = { kind: 'link', path: toArtifactPath('a/lib.so'), target: '../lib.so', origin: ORIGIN };
  const changed = memory('a/__init__.py', 'xyz');
  const record = recordOf(
    fitRecords(treeOf([...without('a/lib.so', 'a/__init__.py'), link, changed]), COLLECTED),
  );
  assert.ok(record.includes('a/lib.so,,'));
  assert.ok(record.includes('a/__init__.py,,3'));
});

test('a RECORD that was emptied on purpose, one of the user, and a tree without any stay as they are', () => {
  const emptied = memory('a-1.0.dist-info/RECORD', '');
  const tree = treeOf([emptied, ...without('a-1.0.dist-info/RECORD', 'b-1.0.dist-info/RECORD')]);
  assert.is(fitRecords(tree, COLLECTED), tree);
  const nested = treeOf([memory('vendor/a-1.0.dist-info/RECORD', 'a/gone.py,,\n')]);
  assert.is(fitRecords(nested, nested), nested);
});

test('nothing changed, nothing changes', () => {
  const collected = treeOf(
    COLLECTED.entries.map(entry =>
      entry === RECORD
        ? memory(RECORD.path, `${recordOf(fitRecords(COLLECTED, COLLECTED)).join('\n')}\n`)
        : entry,
    ),
  );
  assert.equal(fitRecords(collected, collected), collected);
});

test.run();
