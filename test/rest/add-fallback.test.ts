import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addFallback } from '../../src/rest/add-fallback.ts';
import { restTree } from '../../src/rest/rest-tree.ts';
import type { Entry, Platform, Tree } from '../../src/types.ts';
import { rejects } from '../helpers/rejects.ts';
import { emptied, type Files, makeContext, PLATFORM, PYTHON, toEntries } from './make-slim.ts';

const FILES: Files = {
  'index.mjs': 'export const handler = () => 1;',
  'a/kept.js': '',
  'a/gone.js': 'gone',
  'a/empty.js': 'true',
  'a/tool': '#!/bin/sh\n',
  'a/constructor': 'odd',
  'a/lib/liba.so': 'library',
  'a/link': '-> gone.js',
  'z/__proto__/x': 'x',
};

async function add(
  files: Files,
  gone: RegExp,
  handler = 'index.handler',
  platform: Platform = PLATFORM,
): Promise<Tree> {
  const all = toEntries(files);
  const rest = all.filter(({ path }) => gone.test(path));
  const kept = all.flatMap((entry): readonly Entry[] => {
    if (/empty/.test(entry.path) && entry.kind === 'file') return [emptied(entry)];
    return gone.test(entry.path) ? [] : [entry];
  });
  const tree: Tree = { entries: kept, packages: [], removals: [] };
  const added = await addFallback(tree, [...rest].reverse(), handler, platform, makeContext('/'));
  assert.is(added.handler, handler);
  return added.tree;
}

function textOf({ entries }: Tree, path: string): string {
  const entry = entries.find(each => each.path === path);
  if (entry?.kind !== 'file' || entry.source.kind !== 'memory') throw new Error(`${path} is not there`);
  return Buffer.from(entry.source.data).toString();
}

const indexOf = (tree: Tree) => JSON.parse(textOf(tree, '.lambda-slim/rest.json'));

test('the index names what is missing and what is empty, and nothing else', async () => {
  const tree = await add(FILES, /gone|empty|tool|constructor|link|__proto__/);
  const index = indexOf(tree);
  assert.is(index.schema, 1);
  assert.is(index.files, 5);
  assert.is(index.bytes, 'gone'.length + 'true'.length + '#!/bin/sh\n'.length + 'odd'.length + 1);
  assert.equal(Object.keys(index.tree), ['a', 'z']);
  assert.is(
    JSON.stringify(index.tree.a),
    '{"constructor":[0,3,0],"empty.js":[1,4,2],"gone.js":[2,4,0],"link":"gone.js","tool":[3,10,1]}',
  );
  assert.is(JSON.stringify(index.tree.z), '{"__proto__":{"x":[4,1,0]}}');
  assert.equal(index.links, { 'a/link': 'gone.js' });
  assert.equal(index.libraries, ['a/lib/liba.so']);
  const digests = tree.entries.find(({ path }) => path === '.lambda-slim/rest.sha256');
  assert.is(digests?.kind === 'file' && digests.bytes, 5 * 32);
});

test('what is there after all is not in the index', async () => {
  const all = toEntries({ ...FILES, 'a/none.txt': '' });
  const tree: Tree = { entries: all, packages: [], removals: [] };
  const added = await addFallback(tree, all, 'index.handler', PLATFORM, makeContext('/'));
  assert.is(indexOf(added.tree).files, 0);
});

test('the same input gives the same bytes', async () => {
  const [first, second] = await Promise.all([add(FILES, /gone|tool/), add(FILES, /gone|tool/)]);
  assert.equal(first, second);
  const other = await add({ ...FILES, 'a/gone.js': 'GONE' }, /gone|tool/);
  assert.is.not(indexOf(other).id, indexOf(first).id);
});

test('entries stay sorted, and each path is there once', async () => {
  const { entries } = await add(FILES, /gone/);
  const paths = entries.map(({ path }) => path);
  assert.equal([...paths].sort(), paths);
  assert.is(new Set(paths).size, paths.length);
});

test('the module of the handler moves beside its place', async () => {
  const tree = await add(FILES, /gone/);
  assert.is(textOf(tree, 'index.fallback.mjs'), FILES['index.mjs']);
  assert.match(textOf(tree, 'index.mjs'), /^import "\.\/\.lambda-slim\/rest\.cjs";/);
  const nested = await add({ 'src/a.b/main.js': 'exports.x = 1' }, /gone/, 'src/a.b/main.api.handler');
  assert.match(textOf(nested, 'src/a.b/main.js'), 'require("../../.lambda-slim/rest.cjs")');
  const typed = { 'package.json': '{ "type": "module" }', 'src/main.js': 'export const x = 1' };
  assert.match(textOf(await add(typed, /gone/, 'src/main.x'), 'src/main.js'), 'export { exported as x };');
  const untyped = { 'main.js': 'import x from "x";\nexport const h = 1' };
  assert.match(textOf(await add(untyped, /gone/, 'main.h'), 'main.js'), /^import /);
});

test('the first module on the way to a handler of Python leaves its place, with its bytecode', async () => {
  const files = {
    'src/__init__.py': 'A = 1\n',
    'src/__pycache__/__init__.cpython-312.pyc': 'code',
    'src/__pycache__/app.cpython-312.pyc': 'code',
    'src/app.py': 'def handler(): pass\n',
  };
  const tree = await add(files, /gone/, 'src/app.handler', PYTHON);
  const paths = tree.entries.map(({ path }) => path);
  assert.ok(paths.includes('.lambda-slim/rest/src/__pycache__/__init__.cpython-312.pyc' as never));
  assert.ok(paths.includes('src/__pycache__/app.cpython-312.pyc' as never));
  assert.is(textOf(tree, '.lambda-slim/rest/src/__init__.py'), 'A = 1\n');
  assert.match(textOf(tree, 'src/__init__.py'), 'lambda_slim_rest.run("src/__init__.py", globals())');
  assert.ok(paths.includes('lambda_slim_rest.py' as never));
});

test('where bytecode stands for the sources, the first module leaves its place as well', async () => {
  const files = { 'src/__init__.pyc': 'code', 'src/app.pyc': 'code' };
  const tree = await add(files, /gone/, 'src/app.handler', PYTHON);
  assert.is(textOf(tree, '.lambda-slim/rest/src/__init__.pyc'), 'code');
  assert.match(textOf(tree, 'src/__init__.py'), 'lambda_slim_rest.run("src/__init__.pyc", globals())');
  assert.not.ok(tree.entries.some(({ path }) => path === 'src/__init__.pyc'));
  assert.is(textOf(tree, 'src/app.pyc'), 'code');
});

test('a handler that cannot be hooked is refused', async () => {
  assert.match(
    (await rejects(add(FILES, /gone/, 'other.handler'), 'FALLBACK_UNSUPPORTED')).message,
    /other\.js, \.mjs or \.cjs/,
  );
  assert.match(
    (await rejects(add({ ...FILES, 'index.fallback.mjs': '' }, /gone/), 'FALLBACK_UNSUPPORTED')).message,
    /is taken/,
  );
  assert.match(
    (await rejects(add({ 'app.so': '' }, /gone/, 'app.handler', PYTHON), 'FALLBACK_UNSUPPORTED')).message,
    /app\.py/,
  );
});

test('packages and files that would be found in the place of others are suspect', async () => {
  const files: Files = {
    'index.mjs': '',
    'a/x.js': '',
    'a/x.json': '{}',
    'a/y.json': '{}',
    'd.js': '',
    'd/index.js': '',
    'node_modules/m/package.json': '{"main":"lib/real"}',
    'node_modules/m/index.js': '',
    'node_modules/m/lib/real.js': '',
    'node_modules/o/package.json': '{}',
    'node_modules/o/index.js': '',
    'node_modules/b/node_modules/o/package.json': '{}',
    'node_modules/fine/package.json': '{"main":"index.js"}',
    'node_modules/fine/index.js': '',
    'node_modules/fine/more.js': '',
  };
  const tree = await add(files, /a\/x\.js$|^d\.js|real\.js|b\/node_modules|more/);
  assert.equal(indexOf(tree).suspects, [
    'a/x.json',
    'd/index.js',
    'node_modules/m/index.js',
    'node_modules/o',
  ]);
});

test('the second artifact has the files below one folder, and no links', () => {
  const { entries } = restTree(toEntries(FILES));
  assert.is(entries.length, Object.keys(FILES).length - 1);
  assert.ok(entries.every(({ kind, path }) => kind === 'file' && path.startsWith('lambda-slim-rest/')));
});

test.run();
