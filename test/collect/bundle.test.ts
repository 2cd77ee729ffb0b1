import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerOf } from '../helpers/answer.ts';
import { collected, pathsOf } from '../helpers/collect.ts';
import { rejects } from '../helpers/rejects.ts';

const pkg = (name: string, more: object = {}): string => JSON.stringify({ name, version: '1.0.0', ...more });
const app = (...dependencies: string[]): string =>
  pkg('app', { dependencies: Object.fromEntries(dependencies.map(name => [name, '*'])) });

test('a pure package goes into the bundle and leaves nothing outside', () =>
  collected(
    {
      'package.json': app('pure'),
      'index.mjs': `import { twice } from 'pure'; export const handler = async () => twice(21);`,
      'node_modules/pure/package.json': pkg('pure', { main: 'main.js' }),
      'node_modules/pure/main.js': 'exports.twice = n => n * 2;',
      'node_modules/pure/LICENSE': 'Do what you like.',
    },
    {},
    async result => {
      assert.equal(pathsOf(result), ['THIRD-PARTY-LICENCES.txt', 'index.mjs']);
      assert.is(result.handler, 'index.handler');
      assert.is(await answerOf(result), 42);
      const gone = result.tree.removals.find(removal => removal.path === 'node_modules/pure/main.js');
      assert.is(gone?.rule.id, 'collect/bundled');
      assert.equal(gone?.parents, ['index.mjs']);
      assert.is(result.installed.files, 4);
    },
  ));

test('a package that reads files beside its own stays outside, whole', () =>
  collected(
    {
      'package.json': app('reader'),
      'index.mjs': `import read from 'reader'; export const handler = async () => read();`,
      'node_modules/reader/package.json': pkg('reader'),
      'node_modules/reader/index.js': `module.exports = () => require('fs').readFileSync(require('path').join(__dirname, 'd' + 'ata.txt'), 'utf8');`,
      'node_modules/reader/data.txt': 'kept',
      'node_modules/reader/other/unreached.txt': 'kept too',
    },
    {},
    async result => {
      assert.equal(pathsOf(result), [
        'index.mjs',
        'node_modules/reader/data.txt',
        'node_modules/reader/index.js',
        'node_modules/reader/other/unreached.txt',
        'node_modules/reader/package.json',
      ]);
      assert.is(await answerOf(result), 'kept');
    },
  ));

test('a dependency that is only named in a string stays, one that is not named goes', () =>
  collected(
    {
      'package.json': app('host'),
      'index.mjs': `import host from 'host'; export const handler = async () => host('plugin');`,
      'node_modules/host/package.json': pkg('host', { dependencies: { plugin: '*', leftover: '*' } }),
      'node_modules/host/index.js': `const known = ['plugin']; module.exports = name => require(known.find(k => k === name));`,
      'node_modules/plugin/package.json': pkg('plugin'),
      'node_modules/plugin/index.js': `module.exports = 'plugged';`,
      'node_modules/leftover/package.json': pkg('leftover'),
      'node_modules/leftover/index.js': '',
    },
    {},
    async result => {
      assert.is(await answerOf(result), 'plugged');
      assert.not(pathsOf(result).some(path => path.includes('leftover')));
      const gone = result.tree.removals.find(removal => removal.path.endsWith('leftover/index.js'));
      assert.is(gone?.rule.id, 'collect/unused');
    },
  ));

test('two versions of an outside package: the one who needs the nested one leaves the bundle with it', () =>
  collected(
    {
      'package.json': app('native', 'user'),
      'index.mjs': `import v from 'native'; import u from 'user'; export const handler = async () => [v, u];`,
      'node_modules/native/package.json': pkg('native', { version: '1.0.0' }),
      'node_modules/native/index.js': `module.exports = [1, __dirname.length > 0];`,
      'node_modules/user/package.json': pkg('user', { dependencies: { native: '*' } }),
      'node_modules/user/index.js': `module.exports = require('native');`,
      'node_modules/user/node_modules/native/package.json': pkg('native', { version: '2.0.0' }),
      'node_modules/user/node_modules/native/index.js': `module.exports = [2, __dirname.length > 0];`,
    },
    {},
    async result =>
      assert.equal(await answerOf(result), [
        [1, true],
        [2, true],
      ]),
  ));

test('a require() in try of a package that is not there is left to run time', () =>
  collected(
    {
      'package.json': app('careful'),
      'index.mjs': `import found from 'careful'; export const handler = async () => found;`,
      'node_modules/careful/package.json': pkg('careful'),
      'node_modules/careful/index.js': `let found = true; try { require('absent'); } catch { found = false; } module.exports = found;`,
    },
    {},
    async result => assert.is(await answerOf(result), false),
  ));

test('TypeScript, CommonJS entries and top-level await', async () => {
  await collected(
    {
      'package.json': pkg('app'),
      'src/handler.ts': `export const handler = async (e: { n: number }): Promise<number> => e.n + 1;`,
    },
    { fn: dir => ({ entry: `${dir}/src/handler.ts` }) },
    async result => {
      assert.is(result.handler, 'src/handler.handler');
      assert.equal(pathsOf(result), ['src/handler.cjs']);
      assert.is(await answerOf(result, { n: 1 }), 2);
    },
  );
  await collected(
    {
      'package.json': pkg('app'),
      'index.js': `exports.handler = async () => typeof require + __filename.endsWith('index.js');`,
    },
    { fn: dir => ({ entry: `${dir}/index.js` }) },
    async result => assert.is(await answerOf(result), 'functiontrue'),
  );
  await collected(
    {
      'package.json': pkg('app'),
      'index.ts': 'const x = await Promise.resolve(5); export const handler = async () => x;',
    },
    { fn: dir => ({ entry: `${dir}/index.ts` }) },
    async result => assert.is(await answerOf(result), 5),
  );
});

test('keep brings back what the bundle or nobody took', () =>
  collected(
    {
      'package.json': app('pure', 'idle'),
      'index.mjs': `import 'pure'; export const handler = async () => 1;`,
      'node_modules/pure/package.json': pkg('pure'),
      'node_modules/pure/index.js': '',
      'node_modules/pure/data.txt': 'data',
      'node_modules/idle/package.json': pkg('idle'),
      'node_modules/idle/data.txt': 'data',
    },
    { fn: () => ({ keep: ['node_modules/*/data.txt'] }) },
    async result => {
      assert.equal(pathsOf(result), [
        'index.mjs',
        'node_modules/idle/data.txt',
        'node_modules/pure/data.txt',
      ]);
      assert.not(result.tree.removals.some(removal => removal.path.endsWith('data.txt')));
    },
  ));

test('wrong handlers are told apart', async () => {
  const one = (code: string) => collected({ 'package.json': app(), 'index.mjs': code }, {}, async () => {});
  assert.match(
    (await rejects(one('export const other = 1;'), 'HANDLER_EXPORT_MISSING')).message,
    'exports other',
  );
  assert.match((await rejects(one('export const handler = ;'), 'BUNDLE_FAILED')).message, 'index.mjs:1:23');
  const missing = await rejects(one(`import 'not-there'; export const handler = 1;`), 'DEPENDENCY_MISSING');
  assert.match(missing.message, 'not-there');
  assert.match(missing.message, 'index.mjs');
});

test('the config can turn bundling off, or for one package', async () => {
  const files = {
    'package.json': app('pure'),
    'index.mjs': `import { twice } from 'pure'; export const handler = async () => twice(21);`,
    'node_modules/pure/package.json': pkg('pure'),
    'node_modules/pure/index.js': 'exports.twice = n => n * 2;',
  };
  for (const fn of [{ bundle: false as const }, { external: ['pure'] }]) {
    await collected(files, { fn: () => fn }, async result => {
      assert.ok(pathsOf(result).includes('node_modules/pure/index.js'));
      assert.is(await answerOf(result), 42);
    });
  }
});

test.run();
