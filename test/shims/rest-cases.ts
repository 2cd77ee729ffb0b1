import { test as root, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Case, withLaboratory } from './rest-laboratory.ts';

const json = (value: object): string => JSON.stringify(value);

/** A function with packages of every kind. */
const PACKAGES = {
  'node_modules/x/package.json': json({ name: 'x', main: './main' }),
  'node_modules/x/main.js': `exports.id = {}; exports.lazy = name => require(name); exports.where = __filename;`,
  'node_modules/x/lib/lazy.js': `exports.main = require('..'); exports.sibling = require('./sibling'); exports.file = __filename; exports.dir = __dirname;`,
  'node_modules/x/lib/sibling.js': `exports.here = __filename;`,
  'node_modules/x/lib/data.json': json({ some: 'data' }),
  'node_modules/x/lib/text.txt': 'some text',
  'node_modules/e/package.json': json({
    name: 'e',
    exports: {
      '.': { import: './i.mjs', require: './r.cjs' },
      './sub/*': './s/*.js',
      './sub/private/*': null,
      './arr': ['not:valid', './s/a.js'],
    },
    imports: { '#inner': './s/a.js' },
  }),
  'node_modules/e/i.mjs': `export const kind = 'import'; export { default as a } from './s/a.js'; export const url = import.meta.url;`,
  'node_modules/e/r.cjs': `exports.kind = 'require'; exports.inner = require('#inner'); exports.self = require('e/sub/a');`,
  'node_modules/e/s/a.js': `exports.a = 1; exports.count = globalThis.count = (globalThis.count ?? 0) + 1;`,
  'node_modules/e/s/private/b.js': `exports.b = 1;`,
  'node_modules/m/package.json': json({ name: 'm', type: 'module', exports: './index.js' }),
  'node_modules/m/index.js': `export const m = 'esm'; export default import.meta.url;`,
};

const E_IMPORTED = ['i.mjs', 'package.json', 's/a.js'].map(name => `node_modules/e/${name}`);

const inPackage =
  (...names: readonly string[]) =>
  (path: string): boolean =>
    names.some(name => path.startsWith(`node_modules/${name}/`));

function esm(code: string, out: Case['out'], more: Case['files'] = {}): Case {
  const start = `import { createRequire } from 'node:module'; import fs from 'node:fs'; import path from 'node:path';
const require = createRequire(import.meta.url); const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
`;
  return { files: { ...PACKAGES, ...more, 'index.mjs': start + code }, out };
}

/** All that has to hold with any Node.js; `test` registers, `node` runs it. */
export function addNodeCases(node: string, test: Test = root, title = ''): void {
  const add = (name: string, each: Case, use: Parameters<typeof withLaboratory>[2]): void =>
    test(`${title}${name}`, () => withLaboratory(node, each, use));

  add(
    'a package that is gone altogether is required and imported, by its exports',
    esm(
      `export const handler = async () => {
        const e = await import('e');
        return [e.kind, e.a.a, e.url, require('e').kind, require('e').inner.a, require('e/sub/a') === e.a, require('e/arr').a, globalThis.count];
      };`,
      inPackage('e'),
    ),
    async ({ run, task }) => {
      const { value, missed } = await run();
      assert.equal(value, ['import', 1, `file://${task}/node_modules/e/i.mjs`, 'require', 1, true, 1, 1]);
      assert.equal(missed, [
        'node_modules/e/i.mjs',
        'node_modules/e/package.json',
        'node_modules/e/r.cjs',
        'node_modules/e/s/a.js',
      ]);
      assert.equal((await run()).missed, [], 'the second process finds all of it in the mirror');
    },
  );

  add(
    'what exports forbids stays forbidden',
    esm(
      `const codes = [];
      export const handler = async () => {
        for (const name of ['e/s/a.js', 'e/sub/private/b', 'e/sub/none', 'nowhere', './nothing.js', 'x/none']) {
          try { require(name); codes.push('found'); } catch ({ code }) { codes.push(code); }
          try { await import(name); codes.push('found'); } catch ({ code }) { codes.push(code); }
        }
        return codes;
      };`,
      path =>
        path === 'node_modules/e/s/a.js' || path === 'node_modules/e/s/private/b.js' || inPackage('m')(path),
    ),
    async ({ run }) => {
      const { value, missed } = await run();
      const forbidden = ['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_PATH_NOT_EXPORTED'];
      const absent = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'];
      assert.equal(value, [...forbidden, ...forbidden, ...absent, ...absent, ...absent, ...absent]);
      assert.equal(missed, []);
    },
  );

  add(
    'static imports are served before the handler runs',
    esm(
      `import { kind } from 'e'; import * as m from 'm'; import { a } from 'e/sub/a'; import own, { name } from './lib/own.js';
      export const handler = async () => [kind, m.m, m.default, a, own, name];`,
      path => inPackage('e', 'm')(path) || path === 'lib/own.js',
      { 'lib/own.js': `exports.name = 'own';` },
    ),
    async ({ run, task }) => {
      const { value, missed } = await run();
      assert.equal(value, [
        'import',
        'esm',
        `file://${task}/node_modules/m/index.js`,
        1,
        { name: 'own' },
        'own',
      ]);
      assert.equal(missed, [
        'lib/own.js',
        ...E_IMPORTED,
        'node_modules/m/index.js',
        'node_modules/m/package.json',
      ]);
    },
  );

  add(
    'a module keeps its path, finds what is there, and is loaded once',
    esm(
      `export const handler = async () => {
        const x = require('x'); const lazy = x.lazy('./lib/lazy'); const other = await import('x/lib/lazy.js');
        return [lazy.file, lazy.dir, lazy.main === x, lazy.sibling.here, other.default === lazy, require('x/lib/lazy.js') === lazy,
          x.lazy('./lib/data').some, require.resolve('x/lib/lazy'), Object.keys(require.cache).length];
      };`,
      path => ['node_modules/x/lib/lazy.js', 'node_modules/x/lib/data.json'].includes(path),
    ),
    async ({ run, task }) => {
      const { value, missed } = await run();
      const lib = `${task}/node_modules/x/lib`;
      const file = `${lib}/lazy.js`;
      assert.equal((value as unknown[]).slice(0, 8), [
        file,
        lib,
        true,
        `${lib}/sibling.js`,
        true,
        true,
        'data',
        file,
      ]);
      assert.equal(missed, ['node_modules/x/lib/data.json', 'node_modules/x/lib/lazy.js']);
    },
  );

  add(
    'files are read, looked at and listed',
    esm(
      `import { readFileSync, promises } from 'node:fs'; import { readFile } from 'node:fs/promises'; import { once } from 'node:events';
      const file = path.join(root, 'node_modules/x/lib/text.txt'), lib = path.dirname(file), text = [];
      export const handler = async () => {
        const before = [fs.existsSync(file), fs.statSync(file).size, fs.statSync(file).isFile(), fs.lstatSync(lib + '/').isDirectory(), (await promises.stat(file, { bigint: true })).size === 9n,
          fs.readdirSync(lib).sort(), (await promises.readdir(path.dirname(lib), { recursive: true })).sort(), fs.readdirSync(lib, { withFileTypes: true }).map(e => e.isFile()),
          fs.realpathSync(file) === file, await promises.access(file).then(() => 'yes'), await new Promise(done => fs.exists(file, done)),
          await new Promise(done => fs.stat(file, (error, { size }) => done([error, size])))];
        fs.writeSync(2, 'BEFORE\\n');
        text.push(readFileSync(file, 'utf8'), String(readFileSync(file)), fs.readFileSync(new URL('node_modules/x/lib/text.txt', import.meta.url), 'utf8'));
        text.push(await readFile(file, 'utf8'), await new Promise((done, fail) => fs.readFile(file, 'utf8', (error, data) => error ? fail(error) : done(data))));
        text.push(String(await fs.createReadStream(file).toArray().then(Buffer.concat)), fs.readFileSync('node_modules/x/lib/../lib/text.txt', 'utf8'));
        const fd = fs.openSync(file); text.push(fs.readFileSync(fd, 'utf8')); fs.closeSync(fd);
        const handle = await promises.open(file); text.push(await handle.readFile('utf8')); await handle.close();
        fs.copyFileSync(file, process.env.TMPDIR + '/copy'); text.push(fs.readFileSync(process.env.TMPDIR + '/copy', 'utf8'));
        return [before, text];
      };`,
      path => path.startsWith('node_modules/x/lib/'),
    ),
    async ({ run }) => {
      const { value, missed, stderr, error } = await run();
      assert.is(error, undefined, JSON.stringify(error));
      const [before, text] = value as [unknown[], string[]];
      const names = ['data.json', 'lazy.js', 'sibling.js', 'text.txt'];
      const inside = ['lib', ...names.map(name => `lib/${name}`), 'main.js', 'package.json'];
      assert.equal(before.slice(0, 7), [true, 9, true, true, true, names, inside]);
      assert.equal(before.slice(7), [[true, true, true, true], true, 'yes', true, [null, 9]]);
      assert.equal(text, Array(10).fill('some text'));
      assert.equal(missed, ['node_modules/x/lib/text.txt']);
      assert.match(
        stderr,
        /BEFORE\nLAMBDA_SLIM_MISSED \{"path":"[^"]+","bytes":9,"from":"folder","ms":\d+\}\n$/,
      );
    },
  );

  add(
    'what is not there fails as ever',
    esm(
      `export const handler = async () => {
        const told = [];
        for (const call of [() => fs.readFileSync(path.join(root, 'none')), () => fs.readdirSync(path.join(root, 'none')), () => fs.statSync('node_modules/x/none'),
          () => fs.promises.readFile('node_modules/none'), () => fs.writeFileSync('node_modules/x/lib/none/text.txt', ''), () => fs.readFileSync('node_modules/x/lib'), () => fs.openSync(3.5)]) {
          try { await call(); told.push('fine'); } catch (error) { told.push([error.code, error.syscall, error.message]); }
        }
        return told;
      };`,
      path => path.startsWith('node_modules/x/lib/'),
    ),
    async ({ run, task }) => {
      const { value, missed } = await run();
      const told = value as readonly (readonly [string, string, string])[];
      assert.equal(told[0], ['ENOENT', 'open', `ENOENT: no such file or directory, open '${task}/none'`]);
      assert.equal(told[2]?.[2], "ENOENT: no such file or directory, stat 'node_modules/x/none'");
      assert.is(told[4]?.[0], 'ENOENT');
      assert.is(told[6]?.[0], 'ERR_INVALID_ARG_TYPE');
      assert.equal(missed, []);
    },
  );

  add(
    'files that are there but empty give their true bytes',
    {
      ...esm(
        `import { named } from './lib/emptied.mjs'; import asJson from 'x';
        export const handler = async () => [named, require('x').where, fs.statSync('node_modules/x/main.js').size > 0, String(fs.readFileSync('node_modules/x/lib/text.txt')), require('x/lib/data.json')];`,
        () => false,
        { 'lib/emptied.mjs': `export const named = 'true';` },
      ),
      options: { empty: path => /emptied|main\.js|text|data/.test(path) },
    },
    async ({ run, task }) => {
      const { value, missed } = await run();
      assert.equal(value, ['true', `${task}/node_modules/x/main.js`, true, 'some text', { some: 'data' }]);
      assert.is(missed.length, 4);
    },
  );

  add(
    'what would be found in the place of a missing file is not taken',
    esm(
      `export const handler = async () => [require('./a/f').is, require('a').v, require('./a/node_modules/a/../../g.js').v, require('n').main, (await import('n')).default.main];`,
      path => /(a\/f\.js|a\/node_modules\/a\/.*|n\/real\.js)$/.test(path),
      {
        'a/f.js': `exports.is = 'js';`,
        'a/f.json': `{"is":"json"}`,
        'a/g.js': `exports.v = require('a').v;`,
        'a/node_modules/a/package.json': '{"name":"a"}',
        'a/node_modules/a/index.js': 'exports.v = 2;',
        'node_modules/a/package.json': '{"name":"a"}',
        'node_modules/a/index.js': 'exports.v = 1;',
        'node_modules/n/package.json': '{"name":"n","main":"real"}',
        'node_modules/n/real.js': 'exports.main = "real";',
        'node_modules/n/index.js': 'exports.main = "index";',
      },
    ),
    async ({ run }) => assert.equal((await run()).value, ['js', 1, 2, 'real', 'real']),
  );

  add(
    'links lead to what was taken out, and links that were taken out lead on',
    esm(
      `export const handler = async () => [require('l').l, fs.readFileSync('node_modules/l/data.txt', 'utf8'), require('k').l, fs.readlinkSync('node_modules/k'), fs.lstatSync('node_modules/k').isSymbolicLink(), fs.realpathSync('node_modules/k/data.txt')];`,
      path => /\.store\/l\/(index\.js|data\.txt)$|node_modules\/k$/.test(path),
      {
        'node_modules/.store/l/package.json': '{"name":"l"}',
        'node_modules/.store/l/index.js': 'exports.l = __filename;',
        'node_modules/.store/l/data.txt': 'linked',
        'node_modules/l': '-> .store/l',
        'node_modules/k': '-> .store/l',
      },
    ),
    async ({ run, task }) => {
      const file = `${task}/node_modules/.store/l/index.js`;
      const data = `${task}/node_modules/.store/l/data.txt`;
      assert.equal((await run()).value, [file, 'linked', file, '.store/l', true, data]);
    },
  );

  add(
    'threads and processes are served as well',
    esm(
      `import { Worker } from 'node:worker_threads'; import { fork, execFileSync } from 'node:child_process';
      const file = path.join(root, 'child.cjs');
      const once = (emitter, event) => new Promise(done => emitter.once(event, done));
      export const handler = async () => [await once(new Worker(file), 'message'), await once(fork(file), 'message'), String(execFileSync(process.execPath, ['-p', 'require("e").kind']))];`,
      inPackage('e'),
      {
        'child.cjs': `import('e').then(e => { const all = [e.kind, require('e').kind]; (process.send ? m => process.send(m) : m => require('node:worker_threads').parentPort.postMessage(m))(all); });`,
      },
    ),
    async ({ run }) => {
      const { value, missed } = await run();
      assert.equal(value, [['import', 'require'], ['import', 'require'], 'require\n']);
      assert.is(missed.length, 4);
    },
  );

  add(
    'a CommonJS handler',
    {
      files: {
        ...PACKAGES,
        'index.cjs': `const e = require('e'); exports.handler = async () => [e.kind, (await import('e')).kind, require('./own')];`,
        'own.js': 'module.exports = 1',
      },
      out: path => inPackage('e')(path) || path === 'own.js',
    },
    async ({ run }) => assert.equal((await run()).value, ['require', 'import', 1]),
  );
}
