import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeEntryShim } from '../../src/compile-cache/entry-shim.ts';
import { type Files, withProject } from '../helpers/project.ts';

/** Prints what a module exports, as a program of its own. */
function show(dir: string, file: string, flags: readonly string[] = []): string {
  const script = `import(process.argv[1]).then(async m => console.log(JSON.stringify(await (m.api ?? m.default).get())))`;
  const env = { TMPDIR: join(dir, 'tmp') };
  const ran = spawnSync(process.execPath, [...flags, '-e', script, join(dir, file)], {
    encoding: 'utf8',
    env,
  });
  assert.is(ran.status, 0, ran.stderr);
  return ran.stdout.trim();
}

const shim = (bundle: string, exported: string): string =>
  makeEntryShim({ bundle, exported, cacheFolder: '.compile-cache' });

const BASE: Files = { 'tmp/here': '', '.compile-cache/00000000': 'not a cache' };

test('the shim gives the export of the bundle that it stands for, and no more is needed of Node.js', () =>
  withProject(
    {
      ...BASE,
      'src/app.mjs': shim('src/app.bundle.mjs', 'api'),
      'src/app.bundle.mjs': 'export const api = { get: () => [import.meta.url.slice(-18), typeof gc] };',
      'old.cjs': shim('old.bundle.cjs', 'get'),
      'old.bundle.cjs': 'exports.get = () => [__filename.slice(-14), typeof gc];',
      'standard.mjs': shim('standard.bundle.mjs', 'default'),
      'standard.bundle.mjs': 'export default { get: () => 1 };',
    },
    async dir => {
      assert.is(show(dir, 'src/app.mjs'), '["src/app.bundle.mjs","undefined"]');
      assert.is(show(dir, 'old.cjs'), '["old.bundle.cjs","undefined"]');
      assert.is(show(dir, 'standard.mjs'), '1');
      const flags = ['--expose-gc', '--max-old-space-size=300', '--max-semi-space-size=8'];
      assert.is(show(dir, 'src/app.mjs', flags), '["src/app.bundle.mjs","function"]');
      assert.is(show(dir, 'old.cjs', flags), '["old.bundle.cjs","function"]');
    },
  ));

test('without a folder to write to, the bundle loads all the same', () =>
  withProject(
    { 'app.mjs': shim('app.bundle.mjs', 'api'), 'app.bundle.mjs': 'export const api = { get: () => 1 };' },
    async dir => {
      assert.is(show(dir, 'app.mjs'), '1');
      assert.equal((await readdir(dir)).sort(), ['app.bundle.mjs', 'app.mjs']);
    },
  ));

test('what the bundle throws comes through', () =>
  withProject(
    {
      ...BASE,
      'app.mjs': shim('app.bundle.mjs', 'api'),
      'app.bundle.mjs': `throw new TypeError('no database');`,
    },
    async dir => {
      const ran = spawnSync(process.execPath, [join(dir, 'app.mjs')], {
        encoding: 'utf8',
        env: { TMPDIR: dir },
      });
      assert.is(ran.status, 1);
      assert.match(ran.stderr, 'TypeError: no database');
    },
  ));

test.run();
