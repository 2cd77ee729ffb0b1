import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerOf } from '../helpers/answer.ts';
import { collected, pathsOf } from '../helpers/collect.ts';

const APP = JSON.stringify({ name: 'app', version: '1.0.0' });
const DEP = {
  'package.json': JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { dep: '1.0.0' } }),
  'node_modules/dep/package.json': JSON.stringify({ name: 'dep', version: '1.0.0', main: 'main.js' }),
  'node_modules/dep/main.js': `module.exports = 'dep';`,
};
const FROM_WORKER = `const answer = worker => new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));`;

test('workers and child processes run by path come along with what they import and read', () =>
  collected(
    {
      ...DEP,
      'index.cjs': `
        const path = require('node:path'); const { Worker } = require('node:worker_threads'); const { fork } = require('node:child_process');
        ${FROM_WORKER}
        exports.handler = async () => [
          await answer(new Worker(path.join(__dirname, 'jobs/w.js'))), await answer(fork(path.join(__dirname, 'child.js')))];`,
      'jobs/w.js': `require('node:worker_threads').parentPort.postMessage(require('./lib/shared') + require('dep'));`,
      'jobs/lib/shared.js': `module.exports = require('node:fs').readFileSync(__dirname + '/word.txt', 'utf8');`,
      'jobs/lib/word.txt': 'word ',
      'child.js': `process.send('child'); process.disconnect();`,
      'unrelated.js': 'no',
    },
    { fn: dir => ({ entry: `${dir}/index.cjs` }) },
    async result => {
      assert.equal(pathsOf(result), [
        'child.js',
        'index.cjs',
        'jobs/lib/shared.js',
        'jobs/lib/word.txt',
        'jobs/w.js',
        'node_modules/dep/main.js',
        'node_modules/dep/package.json',
      ]);
      assert.equal(await answerOf(result), ['word dep', 'child']);
    },
  ));

test('modules by URL come along, with the package.json that says how they load', () =>
  collected(
    {
      'package.json': JSON.stringify({ name: 'app', version: '1.0.0', type: 'module' }),
      'index.mjs': `
        import { Worker } from 'node:worker_threads'; ${FROM_WORKER}
        export const handler = async () => [
          (await import(new URL('./jobs/a.mjs', import.meta.url))).default, await answer(new Worker(new URL('./jobs/w.js', import.meta.url), { execArgv: [] }))];`,
      'jobs/a.mjs': `export { default } from './b.mjs';`,
      'jobs/b.mjs': `export default 'b';`,
      'jobs/w.js': `import { parentPort } from 'node:worker_threads'; parentPort.postMessage('esm');`,
    },
    {},
    async result => {
      assert.equal(pathsOf(result), ['index.mjs', 'jobs/a.mjs', 'jobs/b.mjs', 'jobs/w.js', 'package.json']);
      assert.equal(await answerOf(result), ['b', 'esm']);
    },
  ));

test('folders of code that are required or imported by names made at run time', () =>
  collected(
    {
      ...DEP,
      'index.cjs': `
        const fs = require('node:fs'); const path = require('node:path'); const { models } = require('./models/index.cjs');
        exports.handler = async ({ name }) => {
          const plugins = fs.readdirSync(path.join(__dirname, 'plugins')).map(file => require(path.join(__dirname, 'plugins', file)));
          return [require(path.join(__dirname, 'jobs', name)), plugins, models];
        };`,
      'jobs/one.js': `module.exports = 'one';`,
      'plugins/p.js': `module.exports = require('dep');`,
      'models/index.cjs': `
        const fs = require('node:fs'); const path = require('node:path');
        exports.models = fs.readdirSync(__dirname).filter(f => f.endsWith('.js')).map(f => require(path.join(__dirname, f)));`,
      'models/user.js': `module.exports = 'user';`,
    },
    { fn: dir => ({ entry: `${dir}/index.cjs` }) },
    async result => assert.equal(await answerOf(result, { name: 'one' }), ['one', ['dep'], ['user']]),
  ));

test('code that runs itself by path is there where the bundle is not', () =>
  collected(
    {
      'package.json': APP,
      'index.mjs': `import { start } from './lib/self.cjs'; export const handler = start;`,
      'lib/self.cjs': `
        const { Worker, isMainThread, parentPort } = require('node:worker_threads');
        if (!isMainThread) parentPort.postMessage('itself');
        exports.start = () => new Promise(resolve => new Worker(__filename).on('message', resolve));`,
    },
    {},
    async result => {
      assert.equal(pathsOf(result), ['index.mjs', 'lib/self.cjs']);
      assert.is(await answerOf(result), 'itself');
    },
  ));

test('TypeScript run by path is told, also where the code names what it will be compiled to', () =>
  collected(
    {
      'package.json': APP,
      'index.mts': `
        import { Worker } from 'node:worker_threads';
        export const handler = async (): Promise<number> => {
          new Worker(new URL('./jobs/a.ts', import.meta.url)); new Worker(new URL('./jobs/b.js', import.meta.url)); return 1;
        };`,
      'jobs/a.ts': 'const a: number = 1;',
      'jobs/b.ts': 'const b: number = 1;',
    },
    { fn: dir => ({ entry: `${dir}/index.mts` }) },
    async result => {
      assert.equal(
        result.findings,
        ['jobs/a.ts', 'jobs/b.ts'].map(path => ({
          code: 'OWN_CODE_BY_PATH',
          level: 'warning',
          path,
          reader: 'index.mts',
          reason: 'uncompiled',
        })),
      );
    },
  ));

test('a file run by path that Lambda would take for the handler is left out and told', () =>
  collected(
    {
      'package.json': APP,
      'index.js': `
        const { Worker, isMainThread } = require('node:worker_threads');
        exports.handler = async () => isMainThread && new Worker(__filename);`,
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => {
      assert.equal(pathsOf(result), ['index.cjs']);
      assert.equal(result.findings, [
        {
          code: 'OWN_CODE_BY_PATH',
          level: 'warning',
          path: 'index.js',
          reader: 'index.js',
          reason: 'beside-handler',
        },
      ]);
    },
  ));

test('a module that is in the bundle and beside it is told', () =>
  collected(
    {
      'package.json': APP,
      'index.cjs': `
        const path = require('node:path'); const registry = require('./registry.cjs');
        exports.handler = async ({ name }) => { require(path.join(__dirname, 'plugins', name)); return registry.size; };`,
      'registry.cjs': 'module.exports = new Set();',
      'plugins/one.cjs': `require('../registry.cjs').add('one');`,
    },
    { fn: dir => ({ entry: `${dir}/index.cjs` }) },
    async result => {
      assert.equal(pathsOf(result), ['index.cjs', 'plugins/one.cjs', 'registry.cjs']);
      assert.equal(result.findings, [
        {
          code: 'OWN_CODE_BY_PATH',
          level: 'warning',
          path: 'registry.cjs',
          reader: 'plugins/one.cjs',
          reason: 'twice',
        },
      ]);
    },
  ));

test.run();
