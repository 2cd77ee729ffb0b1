import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { invokeFiles } from '../../helpers/invoke.ts';
import type { Files } from '../../helpers/project.ts';

const ESM = `export const handler = async () => 'esm';`;
const CJS = `exports.handler = async () => 'cjs';`;
const TYPE_MODULE = JSON.stringify({ type: 'module' });
const TYPE_COMMONJS = JSON.stringify({ type: 'commonjs' });

const FOUND: readonly (readonly [title: string, handler: string, files: Files, answer: unknown])[] = [
  ['.mjs', 'index.handler', { 'index.mjs': ESM }, 'esm'],
  ['.cjs', 'index.handler', { 'index.cjs': CJS }, 'cjs'],
  ['.cjs in an ESM package', 'index.handler', { 'package.json': TYPE_MODULE, 'index.cjs': CJS }, 'cjs'],
  ['.mjs in a CJS package', 'index.handler', { 'package.json': TYPE_COMMONJS, 'index.mjs': ESM }, 'esm'],
  ['.js without a package.json', 'index.handler', { 'index.js': CJS }, 'cjs'],
  ['.js in a CJS package', 'index.handler', { 'package.json': TYPE_COMMONJS, 'index.js': CJS }, 'cjs'],
  ['.js in an ESM package', 'index.handler', { 'package.json': TYPE_MODULE, 'index.js': ESM }, 'esm'],
  ['.js before .mjs', 'index.handler', { 'index.mjs': ESM, 'index.js': CJS }, 'cjs'],
  ['a subfolder', 'src/api/get.handler', { 'src/api/get.mjs': ESM, 'get.mjs': CJS }, 'esm'],
  ['a package', 'lib.handler', { 'node_modules/lib/index.js': CJS }, 'cjs'],
  ['a nested export', 'index.a.b.c', { 'index.mjs': `export const a = { b: { c: () => 'deep' } };` }, 'deep'],
  [
    'a nested export of CJS',
    'index.a.b',
    { 'index.cjs': `module.exports = { a: { b: async () => 'deep' } };` },
    'deep',
  ],
  [
    'a property of the default export',
    'index.handler',
    { 'index.mjs': `export default { handler: async () => 1 };` },
    1,
  ],
  ['the default export', 'index.default', { 'index.mjs': `export default async () => 2;` }, 2],
  [
    'exports that only running the module shows',
    'index.handler',
    { 'index.cjs': `for (const name of ['hand' + 'ler']) module.exports[name] = async () => 3;` },
    3,
  ],
  [
    'a dot in the export, a dash in the file',
    'my-fn.v1.handler',
    { 'my-fn.mjs': `export const v1 = { handler: async () => 4 };` },
    4,
  ],
  [
    'spaces and signs in the path',
    `it's a dir/häßlich #1%.handler`,
    { "it's a dir/häßlich #1%.mjs": ESM },
    'esm',
  ],
];

for (const [title, handler, files, answer] of FOUND) {
  test(`finds a handler: ${title}`, async () => {
    const { answer: given, error } = await invokeFiles(files, { handler });
    assert.is(error, null, JSON.stringify(error));
    assert.equal(given, answer);
  });
}

const REFUSED: readonly (readonly [
  title: string,
  handler: string,
  code: string,
  type: string,
  says: RegExp,
])[] = [
  ['no such module', 'absent.handler', ESM, 'Runtime.ImportModuleError', /Cannot find module 'absent'/],
  ['no such module in a folder', 'src/absent.handler', ESM, 'Runtime.ImportModuleError', /absent/],
  ['a missing package', 'index.handler', `import 'not-there';`, 'Error', /Cannot find package 'not-there'/],
  ['a missing file', 'index.handler', `import './not-there.js';`, 'Error', /not-there/],
  [
    'a syntax error',
    'index.handler',
    'export const handler = (;',
    'Runtime.UserCodeSyntaxError',
    /SyntaxError/,
  ],
  [
    'no export',
    'index.handler',
    'export const other = 1;',
    'Runtime.HandlerNotFound',
    /index\.handler is undefined or not exported/,
  ],
  [
    'no nested export',
    'index.a.b',
    'export const a = {};',
    'Runtime.HandlerNotFound',
    /index\.a\.b is undefined/,
  ],
  [
    'an export of null',
    'index.handler',
    'export const handler = null;',
    'Runtime.HandlerNotFound',
    /undefined or not exported/,
  ],
  [
    'no function',
    'index.handler',
    'export const handler = { a: 1 };',
    'Runtime.HandlerNotFound',
    /index\.handler is not a function/,
  ],
  ['no dot', 'index', ESM, 'Runtime.MalformedHandlerName', /Bad handler/],
  ['nothing at all', '', ESM, 'Runtime.MalformedHandlerName', /Bad handler/],
  [
    'a way out',
    '../index.handler',
    ESM,
    'Runtime.MalformedHandlerName',
    /'\.\.\/index\.handler' is not a valid handler name/,
  ],
  ['two dots in the name', 'index..handler', ESM, 'Runtime.MalformedHandlerName', /not a valid handler name/],
  ['an error of its own', 'index.handler', `throw new RangeError('at load');`, 'RangeError', /^at load$/],
  ['something thrown', 'index.handler', `throw 'a word';`, 'string', /^a word$/],
];

for (const [title, handler, code, type, says] of REFUSED) {
  test(`refuses a handler: ${title}`, async () => {
    const { answer, error } = await invokeFiles({ 'index.mjs': code }, { handler });
    assert.is(error?.errorType, type, JSON.stringify(error));
    assert.match(error?.errorMessage ?? '', says);
    assert.is(answer, null);
  });
}

test('a folder takes the place of a file of its name, as in the runtime client, and cannot be loaded', async () => {
  const { error } = await invokeFiles({ 'index.mjs': ESM, 'index/index.js': CJS });
  assert.match(error?.errorMessage ?? '', /Directory import .* is not supported/);
});

test('before Node.js 24 such a folder is loaded, a default export is not looked into, and TLA works in .mjs only', async () => {
  const runtime = 'nodejs22.x';
  const files = { 'index.mjs': ESM, 'index/index.js': CJS };
  assert.is((await invokeFiles(files, { runtime })).answer, 'cjs');
  const inDefault = { 'index.mjs': `export default { handler: async () => 1 };` };
  assert.is((await invokeFiles(inDefault, { runtime })).error?.errorType, 'Runtime.HandlerNotFound');
  const required = await invokeFiles(
    { 'index.js': `exports.handler = async () => [typeof require, typeof module, require.main === module];` },
    { runtime },
  );
  assert.equal(required.answer, ['function', 'object', false]);
});

test('the missing package that a required module asks for is told', async () => {
  const { error } = await invokeFiles({ 'index.cjs': `require('not-there');` });
  assert.is(error?.errorType, 'Runtime.ImportModuleError');
  assert.match(error?.errorMessage ?? '', /Cannot find module 'not-there'/);
  assert.match(error?.errorMessage ?? '', /index\.cjs/);
});

test.run();
