import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerOf } from '../helpers/answer.ts';
import { collected, pathsOf } from '../helpers/collect.ts';

const pkg = (name: string, more: object = {}): string => JSON.stringify({ name, version: '1.0.0', ...more });
const app = (...names: string[]): string =>
  pkg('app', { type: 'module', dependencies: Object.fromEntries(names.map(name => [name, '*'])) });

test('a package that one outside uses as well is there once', () =>
  collected(
    {
      'package.json': app('shared', 'outside'),
      'index.js': `import { Thing } from 'shared'; import make from 'outside'; export const handler = async () => make() instanceof Thing;`,
      'node_modules/shared/package.json': pkg('shared'),
      'node_modules/shared/index.js': 'exports.Thing = class Thing {};',
      'node_modules/outside/package.json': pkg('outside', { dependencies: { shared: '*' } }),
      'node_modules/outside/index.js': `const { Thing } = require('shared'); module.exports = () => (__dirname ? new Thing() : null);`,
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => {
      assert.is(await answerOf(result), true);
      assert.ok(pathsOf(result).includes('node_modules/shared/index.js'));
    },
  ));

test('default imports of CommonJS from an ES module package are what Node makes of them', () =>
  collected(
    {
      'package.json': app('modern'),
      'index.js': `import { kind } from 'modern'; export const handler = async () => kind;`,
      'node_modules/modern/package.json': pkg('modern', { type: 'module', main: 'index.js' }),
      'node_modules/modern/index.js': `import old from './old.cjs'; export const kind = typeof old.default;`,
      'node_modules/modern/old.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'inner';`,
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => assert.is(await answerOf(result), 'string'),
  ));

test('the condition "module", which Node does not know, is not taken', () =>
  collected(
    {
      'package.json': app('dual'),
      'index.js': `import { createRequire } from 'node:module'; import form from 'dual'; export const handler = async () => form;`,
      'node_modules/dual/package.json': pkg('dual', {
        exports: { module: './esm.mjs', default: './main.cjs' },
      }),
      'node_modules/dual/esm.mjs': `export default 'bundler';`,
      'node_modules/dual/main.cjs': `module.exports = 'node';`,
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => assert.is(await answerOf(result), 'node'),
  ));

test('functions keep their text and the names of their parameters', () =>
  collected(
    {
      'package.json': app(),
      'index.js': `import vm from 'node:vm';
        const twice = number => { const helper = value => value * 2; return helper(number); };
        const needs = (database) => Boolean(database);
        export const handler = async () => [vm.runInNewContext('(' + twice + ')(21)'), /\\w+/.exec(String(needs))[0]];`,
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => assert.equal(await answerOf(result), [42, 'database']),
  ));

test('require under another name keeps a package outside', () =>
  collected(
    {
      'package.json': app('locales'),
      'index.js': `import load from 'locales'; export const handler = async () => load('de');`,
      'node_modules/locales/package.json': pkg('locales'),
      'node_modules/locales/index.js': `const other = require; module.exports = name => { try { return other('./l/' + name); } catch { return 'fallback'; } };`,
      'node_modules/locales/l/de.js': `module.exports = 'Januar';`,
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => assert.is(await answerOf(result), 'Januar'),
  ));

test('a dependency that the code names in a string is there, also through createRequire', () =>
  collected(
    {
      'package.json': app('engine', 'lazy', 'plain'),
      'index.js': `import { createRequire } from 'node:module'; import plain from 'plain';
        const load = createRequire(import.meta.url); const settings = { engine: 'engine' };
        export const handler = async () => [load(settings.engine), load('lazy/package.json').name, plain];`,
      'node_modules/engine/package.json': pkg('engine'),
      'node_modules/engine/index.js': `module.exports = 'runs';`,
      'node_modules/lazy/package.json': pkg('lazy'),
      'node_modules/lazy/index.js': '',
      'node_modules/plain/package.json': pkg('plain'),
      'node_modules/plain/index.js': `module.exports = 'bundled';`,
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => {
      assert.equal(await answerOf(result), ['runs', 'lazy', 'bundled']);
      assert.not(pathsOf(result).some(path => path.includes('engine/../')));
    },
  ));

test('an import by "#name" of a package that stays outside', () =>
  collected(
    {
      'package.json': pkg('app', {
        type: 'module',
        dependencies: { native: '*' },
        imports: { '#n': 'native' },
      }),
      'index.js': `import n from '#n'; export const handler = async () => n;`,
      'node_modules/native/package.json': pkg('native'),
      'node_modules/native/binding.gyp': '{}',
      'node_modules/native/index.js': `module.exports = require('fs').readFileSync(__dirname + '/data', 'utf8');`,
      'node_modules/native/data': 'beside',
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => assert.is(await answerOf(result), 'beside'),
  ));

test('names of entries that Lambda would misread', async () => {
  const code = `export const handler = async () => 1;`;
  await collected(
    { 'package.json': app(), 'users.handler.js': code },
    { fn: dir => ({ entry: `${dir}/users.handler.js` }) },
    async result =>
      assert.equal([result.handler, pathsOf(result)], ['users-handler.handler', ['users-handler.mjs']]),
  );
  await collected(
    { 'package.json': app(), 'api.js': code, 'api/data.txt': 'x' },
    { fn: dir => ({ entry: `${dir}/api.js`, include: ['api/*'] }) },
    async result => assert.equal(pathsOf(result), ['api-bundle.mjs', 'api/data.txt']),
  );
});

test('a hashbang, directives and decorators of the project', () =>
  collected(
    {
      'package.json': pkg('app'),
      'tsconfig.json': JSON.stringify({ compilerOptions: { experimentalDecorators: true } }),
      'index.ts': `#!/usr/bin/env node
'use strict';
function mark(target: object, key: string): void { Object.defineProperty(target, 'marked', { value: key }); }
class Api { @mark call(): string { return __filename.length > 0 ? 'placed' : ''; } }
export const handler = async () => [(new Api() as unknown as { marked: string }).marked, new Api().call()];`,
    },
    { fn: dir => ({ entry: `${dir}/index.ts` }) },
    async result => assert.equal(await answerOf(result), ['call', 'placed']),
  ));

test('decorators that ask for types are told, since the bundler does not emit them', () =>
  collected(
    {
      'package.json': pkg('app'),
      'tsconfig.json': '{ "extends": "./tsconfig.base" }',
      'tsconfig.base.json':
        '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }',
      'index.ts': `const mark = (target: object): void => void target;
@mark
class Api {}
export const handler = async () => new Api() instanceof Api;`,
    },
    { fn: dir => ({ entry: `${dir}/index.ts` }) },
    async result =>
      assert.equal(
        result.findings.map(({ code }) => code),
        ['DECORATOR_METADATA'],
      ),
  ));

test.run();
