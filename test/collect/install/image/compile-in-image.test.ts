import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageRequest } from '../../../../src/collect/install/image/compile-in-image.ts';
import { type Files, withProject } from '../../../helpers/project.ts';

const SCRIPT = fileURLToPath(
  new URL('../../../../src/collect/install/image/compile-in-image.js', import.meta.url),
);

/** In place of npm: writes down what it is asked for. */
const TOOL = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
const { npm_config_nodedir = null } = process.env;
writeFileSync('seen.json', JSON.stringify({ args: process.argv.slice(2), npm_config_nodedir }));
process.exit(Number(process.env.EXIT_CODE ?? 0));
`;

const PROJECT: Files = {
  'package.json': '{ "name": "app" }',
  'binding.gyp': '{}',
  'node_modules/compiled/package.json': '{ "name": "compiled" }',
  'node_modules/compiled/binding.gyp': '{}',
  'node_modules/compiled/build/Release/compiled.node': 'module',
  'node_modules/compiled/build/Release/obj.target/compiled.o': 'object',
  'node_modules/compiled/build/node_gyp_bins/python3': '-> /usr/bin/python3',
  'node_modules/compiled/deps/library/binding.gyp': '{}',
  'node_modules/.pnpm/@a+b@1.0.0/node_modules/@a/b/package.json': '{ "name": "@a/b" }',
  'node_modules/.pnpm/@a+b@1.0.0/node_modules/@a/b/binding.gyp': '{}',
  'node_modules/refused/package.json': '{ "name": "refused", "gypfile": false }',
  'node_modules/refused/binding.gyp': '{}',
  'node_modules/plain/package.json': '{ "name": "plain" }',
  'bin/tool': TOOL,
};

/** In place of npm's node-gyp. */
const NPM = `#!${process.execPath}
const { mkdirSync, writeFileSync } = require('node:fs');
mkdirSync('build/Release/obj.target', { recursive: true });
writeFileSync('build/Release/own.node', 'compiled');
writeFileSync('asked', process.argv.slice(2).join(' '));
`;

/** A package of the project, to which a manager linked in two places. */
const OWN: Files = {
  'packages/own/package.json': '{ "name": "@me/own" }',
  'packages/own/binding.gyp': '{}',
  'packages/own/node_modules/needed': '-> ../../../node_modules/.pnpm/needed@1/node_modules/needed',
  'packages/unused/package.json': '{ "name": "unused" }',
  'packages/unused/binding.gyp': '{}',
  'node_modules/.pnpm/needed@1/node_modules/needed/index.js': 'needed',
  'node_modules/@me/own': '-> ../../packages/own',
  'node_modules/.pnpm/node_modules/own': '-> ../../../packages/own',
  'bin/npm': NPM,
};

const MAJOR = process.versions.node.split('.')[0] ?? '';

/** Runs the script on a project; gives its exit code, what it printed, and what the tool saw. */
async function compile(
  dir: string,
  request: Partial<ImageRequest> = {},
  env: Readonly<Record<string, string>> = {},
) {
  await chmod(join(dir, 'bin/tool'), 0o755);
  const whole: ImageRequest = {
    runtime: `nodejs${MAJOR}.x`,
    major: MAJOR,
    rebuild: ['tool', 'rebuild'],
    scripts: ['named'],
    addons: [],
    ...request,
  };
  await writeFile(join(dir, 'request.json'), JSON.stringify(whole));
  const path = [join(dir, 'bin'), process.env.PATH].join(delimiter);
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, 'request.json'], {
    cwd: dir,
    env: { ...process.env, PATH: path, ...env },
    encoding: 'utf8',
  });
  const seen = existsSync(join(dir, 'seen.json'))
    ? JSON.parse(await readFile(join(dir, 'seen.json'), 'utf8'))
    : null;
  return { status, printed: stdout + stderr, seen };
}

if (process.platform !== 'win32') {
  test('packages with a binding.gyp are compiled wherever they lie, and those that are named; nothing else', () =>
    withProject(PROJECT, async dir => {
      const { status, seen } = await compile(dir);
      assert.is(status, 0);
      assert.equal(seen.args, ['rebuild', 'named', '@a/b', 'compiled']);
    }));

  test('of what is compiled the modules stay, and what led to them goes', () =>
    withProject(PROJECT, async dir => {
      await compile(dir);
      const left = (path: string): boolean => existsSync(join(dir, 'node_modules/compiled/build', path));
      assert.ok(left('Release/compiled.node'));
      assert.not.ok(left('Release/obj.target'));
      assert.not.ok(left('node_gyp_bins'));
    }));

  test('packages of the project are compiled where they lie, and take the place of the links to them', () =>
    withProject({ ...PROJECT, ...OWN }, async dir => {
      await chmod(join(dir, 'bin/npm'), 0o755);
      const { status, printed, seen } = await compile(dir, { addons: ['packages/own', 'packages/unused'] });
      assert.is(status, 0, printed);
      assert.equal(seen.args, ['rebuild', 'named', '@a/b', 'compiled']);
      assert.equal(await readFile(join(dir, 'packages/own/asked'), 'utf8'), 'exec --call node-gyp rebuild');
      assert.not.ok(existsSync(join(dir, 'packages/unused/asked')), 'nothing leads there');
      for (const path of ['node_modules/@me/own', 'node_modules/.pnpm/node_modules/own']) {
        const placed = join(dir, path);
        assert.not.ok(lstatSync(placed).isSymbolicLink(), path);
        assert.is(await readFile(join(placed, 'build/Release/own.node'), 'utf8'), 'compiled');
        assert.not.ok(existsSync(join(placed, 'build/Release/obj.target')));
        assert.is(await readFile(join(placed, 'node_modules/needed/index.js'), 'utf8'), 'needed');
      }
    }));

  test('an install script of such a package comes before node-gyp', () =>
    withProject({ ...PROJECT, ...OWN }, async dir => {
      await chmod(join(dir, 'bin/npm'), 0o755);
      await writeFile(join(dir, 'packages/own/package.json'), '{ "scripts": { "install": "make" } }');
      await compile(dir, { addons: ['packages/own'] });
      assert.equal(await readFile(join(dir, 'packages/own/asked'), 'utf8'), 'run install');
    }));

  test('a script that fails fails all, with what was run', () =>
    withProject(PROJECT, async dir => {
      const { status, printed } = await compile(dir, {}, { EXIT_CODE: '3' });
      assert.is(status, 3);
      assert.match(printed, '$ tool rebuild named @a/b compiled');
    }));

  test('an image with another Node.js than the runtime is refused', () =>
    withProject(PROJECT, async dir => {
      const { status, printed, seen } = await compile(dir, { runtime: 'nodejs99.x', major: '99' });
      assert.equal([status, seen], [1, null]);
      assert.match(printed, `The image has Node.js ${process.version}, but nodejs99.x runs 99.`);
    }));
}

test.run();
