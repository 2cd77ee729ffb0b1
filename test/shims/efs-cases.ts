import { symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test as root, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import { type EfsCase, ID, PLATFORM, withEfs } from '../efs/make-efs.ts';

const json = (value: object): string => JSON.stringify(value);

/** Packages of every kind, all of which go to the file system. */
const PACKAGES = {
  'node_modules/cjs/package.json': json({ name: 'cjs', main: './main' }),
  'node_modules/cjs/main.js': `const fs = require('node:fs'); const path = require('node:path');
exports.file = __filename; exports.text = () => fs.readFileSync(path.join(__dirname, 'data/text.txt'), 'utf8');
exports.other = require('@scope/maps').kind; exports.lazy = name => require(name);`,
  'node_modules/cjs/data/text.txt': 'beside the code',
  'node_modules/@scope/maps/package.json': json({
    name: '@scope/maps',
    exports: {
      '.': { import: './i.mjs', require: './r.cjs' },
      './sub/*': './s/*.js',
      './sub/private/*': null,
    },
    imports: { '#inner': './s/a.js' },
  }),
  'node_modules/@scope/maps/i.mjs': `export const kind = 'import'; export { default as a } from '#inner'; export const url = import.meta.url;`,
  'node_modules/@scope/maps/r.cjs': `exports.kind = 'require'; exports.self = () => require('@scope/maps/sub/a');`,
  'node_modules/@scope/maps/s/a.js': `exports.a = 1;`,
  'node_modules/@scope/maps/s/private/b.js': `exports.b = 1;`,
  'node_modules/esm/package.json': json({ name: 'esm', type: 'module', exports: './index.js' }),
  'node_modules/esm/index.js': `import fs from 'node:fs'; import { kind } from '@scope/maps';
export const text = fs.readFileSync(new URL('./data.txt', import.meta.url), 'utf8'); export { kind }; export default import.meta.url;`,
  'node_modules/esm/data.txt': 'beside the module',
  'node_modules/esm/node_modules/inner/package.json': json({ name: 'inner', version: '2' }),
  'node_modules/esm/node_modules/inner/index.js': `module.exports = 'nested';`,
};

const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);\n`;
const esm = (code: string, more: EfsCase['files'] = {}): EfsCase => ({
  files: { ...PACKAGES, ...more, 'index.mjs': REQUIRE + code },
});

/** All that has to hold with any Node.js; `test` registers, `node` runs it. */
export function addEfsNodeCases(node: string, test: Test = root, title = ''): void {
  const add = (name: string, each: EfsCase, use: Parameters<typeof withEfs>[3]): void =>
    test(`${title}${name}`, () => withEfs(node, each, PLATFORM, use));

  add(
    'an ES module imports packages of every kind, at its start and later, and requires them',
    esm(`import cjs from 'cjs'; import { kind, a, url } from '@scope/maps'; import esmUrl, { text } from 'esm';
export const handler = async () => {
  const late = await import('@scope/maps/sub/a'); const name = 'es' + 'm';
  return [cjs.file, cjs.text(), cjs.other, kind, a.a, url, esmUrl, text, late.default.a, (await import(name)).kind,
    require('@scope/maps').kind, require('@scope/maps').self().a, require.resolve('cjs'), require.resolve('@scope/maps/sub/a')];
};`),
    async (run, { release }) => {
      const at = (path: string) => join(release, 'node_modules', path);
      assert.equal((await run()).value, [
        at('cjs/main.js'),
        'beside the code',
        'require',
        'import',
        1,
        `file://${at('@scope/maps/i.mjs')}`,
        `file://${at('esm/index.js')}`,
        'beside the module',
        1,
        'import',
        'require',
        1,
        at('cjs/main.js'),
        at('@scope/maps/s/a.js'),
      ]);
    },
  );

  for (const [name, more] of [
    ['index.cjs', {}],
    ['index.js', { 'package.json': json({ type: 'commonjs' }) }],
  ] as const)
    add(
      `a CommonJS module (${name}) requires packages and imports those that are ES modules only`,
      {
        files: {
          ...PACKAGES,
          ...more,
          'lib/own.cjs': `module.exports = require('cjs').text();`,
          [name]: `const cjs = require('cjs');
exports.handler = async () => [cjs.file, require('./lib/own.cjs'), require.resolve('@scope/maps'), (await import('esm')).text, (await import('@scope/maps')).kind];`,
        },
      },
      async (run, { release }) => {
        const at = (path: string) => join(release, 'node_modules', path);
        assert.equal((await run()).value, [
          at('cjs/main.js'),
          'beside the code',
          at('@scope/maps/r.cjs'),
          'beside the module',
          'import',
        ]);
      },
    );

  add(
    'what exports forbids stays forbidden, and what is nowhere is told with who asked for it',
    esm(`const tries = ['@scope/maps/s/a.js', '@scope/maps/sub/private/b', 'nowhere', 'inner', './nothing.js'];
export const handler = async () => {
  const codes = [];
  for (const name of tries) {
    codes.push(await import(name).then(() => 'found', ({ code, message }) => [code, message.includes('/task/') || message.includes('s/')]));
    try { require(name); codes.push('found'); } catch ({ code }) { codes.push(code); }
  }
  return codes;
};`),
    async run => {
      const { value } = await run();
      const [missing, forbidden] = ['ERR_MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'];
      assert.equal(value, [
        ...[[forbidden, true], forbidden, [forbidden, true], forbidden],
        ...[[missing, true], 'MODULE_NOT_FOUND', [missing, true], 'MODULE_NOT_FOUND'],
        ...[[missing, true], 'MODULE_NOT_FOUND'],
      ]);
    },
  );

  add(
    'threads and processes find the packages as well, and see the same release',
    esm(
      `import { Worker } from 'node:worker_threads'; import { execFile, fork } from 'node:child_process'; import { once } from 'node:events';
import { promisify } from 'node:util'; import { fileURLToPath } from 'node:url';
const here = name => fileURLToPath(new URL(name, import.meta.url));
export const handler = async () => {
  const [fromThread] = await once(new Worker(here('worker.mjs')), 'message');
  const [fromEval] = await once(new Worker("require('node:worker_threads').parentPort.postMessage(require('cjs').text())", { eval: true }), 'message');
  const [fromFork] = await once(fork(here('child.cjs')), 'message');
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', "import { text } from 'esm'; console.log(text, process.env.LAMBDA_SLIM_ROOT)"], { cwd: here('.') });
  return [fromThread, fromEval, fromFork, stdout.trim()];
};`,
      {
        'worker.mjs': `import { parentPort } from 'node:worker_threads'; import { text } from 'esm'; parentPort.postMessage(text);`,
        'child.cjs': `import('esm').then(({ kind }) => process.send([kind, require('cjs').text(), process.env.LAMBDA_SLIM_ROOT]));`,
      },
    ),
    async (run, { release }) => {
      const { value } = await run();
      assert.equal(value, [
        'beside the module',
        'beside the code',
        ['import', 'beside the code', release],
        `beside the module ${release}`,
      ]);
    },
  );

  add(
    'what lies beside the handler comes first, the release next, and what the runtime brings last',
    esm(
      `import own from 'own'; import cjs from 'cjs';
export const handler = () => [own, require('own'), cjs.file.includes('releases'), require('cjs').file.includes('releases'), require('runtime'), cjs.lazy('runtime')];`,
      {
        'src/own/index.js': `module.exports = 'own';`,
        'node_modules/own': '-> ../src/own',
        'vendor/cjs/index.js': `exports.file = 'runtime';`,
        'vendor/runtime/index.js': `module.exports = 'runtime';`,
      },
    ),
    async (run, { task }) => {
      const { value } = await run({ NODE_PATH: join(task, 'vendor') });
      assert.equal(value, ['own', 'own', true, true, 'runtime', 'runtime']);
    },
  );

  add(
    'variables that name something in the release are settled once, with a slash behind or not',
    {
      ...esm(
        `import fs from 'node:fs';
export const handler = () => [process.env.MODEL_DIR, process.env.OTHER, process.env.LAMBDA_SLIM_ROOT, fs.readFileSync(process.env.MODEL_DIR + '/net.txt', 'utf8'), fs.existsSync(new URL('model', import.meta.url))];`,
        {
          'model/net.txt': 'weights',
        },
      ),
      own: ['model/**'],
    },
    async (run, { release, current }) => {
      for (const [variable, model] of [
        [current, `${current}/model`],
        [`${current}/`, `${current}/model`],
        [`${current}//`, `${current}/model`],
        [release, `${release}/model`],
        [`${release}/`, `${release}/model`],
      ] as const) {
        const { value } = await run({ LAMBDA_SLIM_ROOT: variable, MODEL_DIR: model, OTHER: `${current}2/x` });
        assert.equal(value, [`${release}/model`, `${current}2/x`, release, 'weights', false], variable);
      }
    },
  );

  add(
    'current is looked at once: what is switched meanwhile does not reach a running instance',
    esm(`import fs from 'node:fs';
export const handler = async () => {
  const link = process.env.CURRENT.slice(1); fs.unlinkSync(link); fs.symlinkSync('nowhere', link);
  return [(await import('esm')).text, require('cjs').text(), process.env.LAMBDA_SLIM_ROOT.includes('${ID}')];
};`),
    async (run, { current }) => {
      const { value } = await run({ CURRENT: `=${current}` });
      assert.equal(value, ['beside the module', 'beside the code', true]);
      await unlink(current);
      await symlink(`releases/${ID}`, current);
    },
  );

  add(
    'a folder that is no release of this function is told with its path, and one that is no whole path as well',
    esm(`export const handler = () => 1;`),
    async (run, { current, release }) => {
      const store = dirname(current);
      const messageOf = async (root: string): Promise<string> => {
        const { value } = await run({ LAMBDA_SLIM_ROOT: root });
        return (value as { error: { message: string } }).error.message;
      };
      const wrong = await messageOf(store);
      assert.match(
        wrong,
        `LAMBDA_SLIM_ROOT is ${store}, which is no release of this function: node_modules/@scope/maps is not in it.`,
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
    esm(`export const handler = () => 1;`),
    async (run, { task }) => {
      const [missing, none, file] = await Promise.all([
        run({ LAMBDA_SLIM_ROOT: '/mnt/nowhere/current' }),
        run({ LAMBDA_SLIM_ROOT: '' }),
        run({ LAMBDA_SLIM_ROOT: join(task, 'index.mjs') }),
      ]);
      const messages = [missing, none, file].map(
        ({ value }) => (value as { error: { message: string } }).error.message,
      ) as [string, string, string];
      assert.match(
        messages[0],
        'LAMBDA_SLIM_ROOT is /mnt/nowhere/current, and it is not there. Is the file system mounted',
      );
      assert.match(messages[1], 'the variable LAMBDA_SLIM_ROOT is not set');
      assert.match(messages[2], 'it is no folder');
      for (const message of messages) assert.not.match(message, '\n');
    },
  );
}
