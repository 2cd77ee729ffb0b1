import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerOf } from '../helpers/answer.ts';
import { collected, pathsOf } from '../helpers/collect.ts';

const pkg = (name: string, dependencies: string[] = [], more: object = {}): string =>
  JSON.stringify({
    name,
    version: '1.0.0',
    dependencies: Object.fromEntries(dependencies.map(d => [d, '*'])),
    ...more,
  });

test('a pnpm tree keeps its links, and works', () =>
  collected(
    {
      'package.json': pkg('app', ['outer']),
      'pnpm-lock.yaml': `lockfileVersion: '9.0'\n`,
      'index.mjs': `import outer from 'outer'; export const handler = async () => outer;`,
      'node_modules/outer': '-> .pnpm/outer@1.0.0/node_modules/outer',
      'node_modules/.pnpm/outer@1.0.0/node_modules/outer/package.json': pkg('outer', ['inner']),
      'node_modules/.pnpm/outer@1.0.0/node_modules/outer/index.js': `module.exports = [__dirname.length > 0, require('inner')];`,
      'node_modules/.pnpm/outer@1.0.0/node_modules/inner': '-> ../../inner@1.0.0/node_modules/inner',
      'node_modules/.pnpm/inner@1.0.0/node_modules/inner/package.json': pkg('inner'),
      'node_modules/.pnpm/inner@1.0.0/node_modules/inner/index.js': `module.exports = 'inner ' + require('path').basename(__dirname);`,
    },
    {},
    async result => {
      const links = result.tree.entries
        .filter(entry => entry.kind === 'link')
        .map(entry => `${entry.path} ${entry.target}`);
      assert.equal(links, [
        'node_modules/.pnpm/outer@1.0.0/node_modules/inner ../../inner@1.0.0/node_modules/inner',
        'node_modules/outer .pnpm/outer@1.0.0/node_modules/outer',
      ]);
      assert.equal(await answerOf(result), [true, 'inner inner']);
    },
  ));

test('a pnpm package that is not seen from the root pulls its importer out of the bundle', () =>
  collected(
    {
      'package.json': pkg('app', ['outer']),
      'pnpm-lock.yaml': `lockfileVersion: '9.0'\n`,
      'index.mjs': `import outer from 'outer'; export const handler = async () => outer;`,
      'node_modules/outer': '-> .pnpm/outer@1.0.0/node_modules/outer',
      'node_modules/.pnpm/outer@1.0.0/node_modules/outer/package.json': pkg('outer', ['inner']),
      'node_modules/.pnpm/outer@1.0.0/node_modules/outer/index.js': `module.exports = require('inner');`,
      'node_modules/.pnpm/outer@1.0.0/node_modules/inner': '-> ../../inner@1.0.0/node_modules/inner',
      'node_modules/.pnpm/inner@1.0.0/node_modules/inner/package.json': pkg('inner'),
      'node_modules/.pnpm/inner@1.0.0/node_modules/inner/index.js': 'module.exports = __dirname.length > 0;',
    },
    {},
    async result => assert.is(await answerOf(result), true),
  ));

test('a workspace: own packages are bundled, hoisted ones found, own data files come along', () =>
  collected(
    {
      'package.json': JSON.stringify({ name: 'mono', private: true, workspaces: ['packages/*'] }),
      'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: {} }),
      'packages/fn/package.json': pkg('fn', ['@mono/lib', 'reader'], { type: 'module' }),
      'packages/fn/src/handler.ts': `import { text } from '@mono/lib'; import reader from 'reader'; export const handler = async () => [text(), reader()];`,
      'packages/lib/package.json': pkg('@mono/lib', [], { main: 'main.ts' }),
      'packages/lib/main.ts': `import { readFileSync } from 'node:fs'; export const text = (): string => readFileSync(__dirname + '/text.txt', 'utf8');`,
      'packages/lib/text.txt': 'of the library',
      'node_modules/@mono/lib': '-> ../../packages/lib',
      'node_modules/reader/package.json': pkg('reader'),
      'node_modules/reader/index.js': `module.exports = () => require('fs').readFileSync(__dirname + '/r.txt', 'utf8');`,
      'node_modules/reader/r.txt': 'hoisted',
    },
    { fn: dir => ({ root: `${dir}/packages/fn`, entry: `${dir}/packages/fn/src/handler.ts` }) },
    async result => {
      assert.is(result.handler, 'packages/fn/src/handler.handler');
      assert.ok(pathsOf(result).includes('packages/lib/text.txt'));
      assert.not(pathsOf(result).includes('packages/lib/main.ts'));
      assert.equal(await answerOf(result), ['of the library', 'hoisted']);
    },
  ));

const NESTED = {
  'package.json': pkg('outer', ['reader', 'pure']),
  'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: {} }),
  'node_modules/reader/package.json': pkg('reader'),
  'node_modules/reader/index.js': `module.exports = __dirname.length > 0;`,
  'node_modules/pure/package.json': pkg('pure'),
  'node_modules/pure/index.js': `module.exports = 'pure';`,
  'fn/package.json': JSON.stringify({ type: 'module' }),
};

test('a function below the package whose dependencies it uses is laid out from there', () =>
  collected(
    { ...NESTED, 'fn/index.js': `import reader from 'reader'; export const handler = async () => reader;` },
    { fn: dir => ({ root: `${dir}/fn`, entry: `${dir}/fn/index.js` }) },
    async result => {
      assert.is(result.handler, 'fn/index.handler');
      assert.is(await answerOf(result), true);
    },
  ));

test('where it takes nothing from there but what is bundled, its own folder is the root', () =>
  collected(
    { ...NESTED, 'fn/index.js': `import pure from 'pure'; export const handler = async () => pure;` },
    { fn: dir => ({ root: `${dir}/fn`, entry: `${dir}/fn/index.js` }) },
    async result => {
      assert.is(result.handler, 'index.handler');
      assert.is(await answerOf(result), 'pure');
    },
  ));

test.run();
