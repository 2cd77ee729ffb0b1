import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatFor } from '../../../src/codec/format-for.ts';
import { makeLibraryIndex, parseLibraryIndex } from '../../../src/codec/library-index.ts';
import { compressLibraries } from '../../../src/native/compress/compress-libraries.ts';
import type { LibraryBlob } from '../../../src/native/compress/types.ts';
import type { FileEntry, Tree } from '../../../src/types.ts';
import { type Item, MIB, makeInput, treeOf } from './make-input.ts';

/** What a folder or a small file takes of a file system, bytes. */
const BLOCK = 4096;

const SHIM = Buffer.from('shim');
const SHIMS = {
  nodejs: new Map([['.lambda-slim/inflate.cjs', SHIM]]),
  python: new Map([['lambda_slim_libraries.py', SHIM]]),
};

/** A codec that halves everything but what is named `dense`. */
async function encode({ path, bytes }: FileEntry): Promise<LibraryBlob | null> {
  if (path.includes('dense')) return null;
  const data = Buffer.from(`small ${path}`);
  const chunk = {
    offset: 0,
    bytes,
    at: 0,
    compressedBytes: data.length,
    crc32: 7,
    format: 'xz',
    filter: null,
  } as const;
  return { source: { kind: 'memory', data }, bytes: data.length, extension: 'xz', chunks: [chunk] };
}

async function compress(language: 'nodejs' | 'python', items: Readonly<Record<string, Item>>) {
  const input = makeInput(language, items);
  const { natives, choice } = input;
  return compressLibraries({
    tree: treeOf(input),
    natives,
    language,
    choice,
    encode,
    shims: SHIMS[language],
  });
}

function textOf({ entries }: Tree, path: string): string {
  const entry = entries.find(candidate => candidate.path === path);
  if (entry?.kind === 'link') return `-> ${entry.target}`;
  if (entry?.source.kind !== 'memory') throw new Error(`There is no ${path}`);
  assert.is(entry.bytes, entry.source.data.length, path);
  return Buffer.from(entry.source.data).toString();
}

const pathsOf = ({ entries }: Tree) => entries.map(({ path }) => path as string);

const NODE: Readonly<Record<string, Item>> = {
  'index.mjs': null,
  'node_modules/a/a.node': { bytes: 2 * MIB, needed: ['liba.so.1'], runpath: ['$ORIGIN'] },
  'node_modules/a/liba.so': 'liba.so.1',
  'node_modules/a/liba.so.1': { bytes: 3 * MIB },
  'node_modules/a/index.js': null,
};

test('Node.js: blobs, index, shim, an empty addon, and a bundle that loads the shim first', async () => {
  const { tree, plan } = await compress('nodejs', NODE);
  assert.equal(pathsOf(tree), [
    '.lambda-slim/0-a.node.xz',
    '.lambda-slim/1-liba.so.1.xz',
    '.lambda-slim/index.json',
    '.lambda-slim/inflate.cjs',
    'index.mjs',
    'node_modules/a/a.node',
    'node_modules/a/index.js',
  ]);
  assert.is(textOf(tree, 'node_modules/a/a.node'), '');
  assert.is(textOf(tree, 'index.mjs'), 'import "./.lambda-slim/inflate.cjs";index.mjs');
  assert.is(textOf(tree, '.lambda-slim/1-liba.so.1.xz'), 'small node_modules/a/liba.so.1');
  const { id, ...index } = JSON.parse(textOf(tree, '.lambda-slim/index.json'));
  assert.match(id, /^[0-9a-f]{64}$/);
  const chunk = { offset: 0, at: 0, crc32: 7, format: 'xz', filter: null };
  const addon = { path: 'node_modules/a/a.node', mode: '0644', bytes: 2 * MIB, blob: '0-a.node.xz' };
  const library = { path: 'node_modules/a/liba.so.1', mode: '0644', bytes: 3 * MIB, blob: '1-liba.so.1.xz' };
  assert.equal(index, {
    schema: 1,
    bytes: 5 * MIB + 2 * BLOCK,
    files: [
      { ...addon, chunks: [{ ...chunk, bytes: 2 * MIB, compressedBytes: 27 }] },
      { ...library, chunks: [{ ...chunk, bytes: 3 * MIB, compressedBytes: 30 }] },
    ],
    links: [{ path: 'node_modules/a/index.js', target: 'node_modules/a/index.js' }],
    aliases: [{ path: 'node_modules/a/liba.so', target: 'node_modules/a/liba.so.1' }],
    addons: ['node_modules/a/a.node'],
  });
  assert.equal(
    tree.removals.map(({ path, bytes, rule, parents }) => [path, bytes, rule.id, parents]),
    [
      ['node_modules/a/liba.so', 0, 'native/compressed', undefined],
      ['node_modules/a/liba.so.1', 3 * MIB, 'native/compressed', ['.lambda-slim/1-liba.so.1.xz']],
    ],
  );
  assert.is(plan.compressed.length, 2);
});

test('the index has the same id for the same libraries, and another one for others', async () => {
  const idOf = async (items: Readonly<Record<string, Item>>) =>
    JSON.parse(textOf((await compress('nodejs', items)).tree, '.lambda-slim/index.json')).id;
  assert.is(await idOf(NODE), await idOf({ ...NODE, 'node_modules/b/index.js': null }));
  assert.is.not(await idOf(NODE), await idOf({ ...NODE, 'node_modules/a/more.js': null }));
  const other = { bytes: 3 * MIB + 1 };
  assert.is.not(await idOf(NODE), await idOf({ ...NODE, 'node_modules/a/liba.so.1': other }));
});

test('Python: stubs in the place of packages, which lie aside; links follow what moved', async () => {
  const { tree } = await compress('python', {
    'other/__init__.py': '../torch/__init__.py',
    'torch/__init__.py': null,
    'torch/again.py': '__init__.py',
    'torch/lib/libtorch.so': { bytes: 2 * MIB },
    'torch/lib/libalias.so': 'libtorch.so',
    'torch/lib64': 'lib',
  });
  assert.equal(pathsOf(tree), [
    '.lambda-slim/0-libtorch.so.xz',
    '.lambda-slim/index.json',
    '.lambda-slim/python/torch/__init__.py',
    'lambda_slim_libraries.py',
    'other/__init__.py',
    'torch/__init__.py',
    'torch/again.py',
  ]);
  assert.is(textOf(tree, '.lambda-slim/python/torch/__init__.py'), 'torch/__init__.py');
  assert.is(
    textOf(tree, 'torch/__init__.py'),
    'import lambda_slim_libraries\n\nlambda_slim_libraries.activate(globals())\n',
  );
  assert.is(textOf(tree, 'other/__init__.py'), '-> ../.lambda-slim/python/torch/__init__.py');
  assert.is(textOf(tree, 'torch/again.py'), '-> ../.lambda-slim/python/torch/__init__.py');
  const index = JSON.parse(textOf(tree, '.lambda-slim/index.json'));
  assert.is(index.bytes, 2 * MIB + 3 * BLOCK, 'with folders, and the sources that are copied');
  assert.equal(index.aliases, [
    { path: 'torch/lib/libalias.so', target: 'torch/lib/libtorch.so' },
    { path: 'torch/lib64', target: 'torch/lib' },
  ]);
  assert.equal(
    tree.removals.map(({ path }) => path),
    ['torch/lib/libalias.so', 'torch/lib/libtorch.so', 'torch/lib64'],
  );
});

test('what does not get smaller stays, and its package keeps its own __init__.py', async () => {
  const { tree, plan } = await compress('python', {
    'a/__init__.py': null,
    'a/dense.so': { bytes: 2 * MIB },
    'b/__init__.py': null,
    'b/b.so': { bytes: 2 * MIB },
  });
  assert.equal(plan.stubs, ['b/__init__.py']);
  assert.equal(plan.skipped, [{ path: 'a/dense.so', bytes: 2 * MIB, reason: 'incompressible' }]);
  assert.ok(pathsOf(tree).includes('a/dense.so'));
});

test('the index is the one that check reads', async () => {
  const { 'node_modules/a/liba.so': _, ...items } = NODE;
  const { tree } = await compress('nodejs', items);
  const reading = parseLibraryIndex(textOf(tree, '.lambda-slim/index.json'));
  assert.ok(reading.ok, reading.ok ? '' : reading.reason);
  const { bytes, files, links, addons, id } = reading.index;
  assert.is(makeLibraryIndex({ bytes, files, links, addons }).id, id);
});

test('nothing to compress leaves the tree as it is', async () => {
  const { tree } = await compress('nodejs', { 'index.mjs': null, 'node_modules/a/a.node': {} });
  assert.equal(pathsOf(tree), ['index.mjs', 'node_modules/a/a.node']);
  assert.is(textOf(tree, 'index.mjs'), 'index.mjs');
});

test('each runtime gets the best format that it inflates by itself', () => {
  const formats = (language: 'nodejs' | 'python', versions: readonly string[]) =>
    versions.map(version => formatFor({ language, version }).format).join();
  assert.is(formats('nodejs', ['18', '20', '22', '24']), 'brotli,brotli,zstd,zstd');
  assert.is(formats('python', ['3.8', '3.9', '3.10', '3.13', '3.14', '3.15']), 'xz,xz,xz,xz,zstd,zstd');
  assert.is(formatFor({ language: 'nodejs', version: '24' }).branchFilter, true);
  assert.is(formatFor({ language: 'python', version: '3.14' }).branchFilter, false);
});

test.run();
