import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectNode } from '../../src/collect/collect-node.ts';
import { resolveDependencies } from '../../src/collect/install/resolve-dependencies.ts';
import type { PackageHints } from '../../src/collect/package-hints.ts';
import { createManifestReader } from '../../src/collect/package-manifest.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { makeContext, makeFunction, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const PROJECT = {
  'package.json': JSON.stringify({
    name: 'app',
    version: '1.0.0',
    dependencies: { '@node-rs/crc32': '1.10.6' },
  }),
  'index.mjs': 'export const handler = 1;',
};

/** How each manager writes its lockfile without installing anything. */
const MANAGERS: Readonly<
  Record<string, { readonly lockfile: string; readonly lock: readonly string[]; readonly env?: object }>
> = {
  npm: { lockfile: 'package-lock.json', lock: ['npm', 'install', '--package-lock-only', '--ignore-scripts'] },
  pnpm: {
    lockfile: 'pnpm-lock.yaml',
    lock: ['npm', 'exec', '--yes', '--package=pnpm@10', '--', 'pnpm', 'install', '--lockfile-only'],
  },
  'yarn 1': {
    lockfile: 'yarn.lock',
    lock: [
      'npm',
      'exec',
      '--yes',
      '--package=yarn@1',
      '--',
      'yarn',
      'install',
      '--ignore-scripts',
      '--ignore-platform',
      '--modules-folder',
      '.unused',
    ],
  },
  'yarn 4': {
    lockfile: 'yarn.lock',
    lock: [
      'npm',
      'exec',
      '--yes',
      '--package=@yarnpkg/cli-dist@4',
      '--',
      'yarn',
      'install',
      '--mode=update-lockfile',
    ],
    env: { YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', YARN_ENABLE_TELEMETRY: '0' },
  },
};

for (const [name, { lockfile, lock, env }] of Object.entries(MANAGERS)) {
  test(`${name}: installs for another CPU from its lockfile, apart from the user's tree, once`, () =>
    withProject(PROJECT, dir =>
      withTempDir(async cacheDir => {
        const [command = '', ...args] = lock;
        await exec(command, args, { cwd: dir, env: { ...process.env, ...env } });
        await exec('rm', ['-rf', '.unused', 'node_modules', '.yarn'], { cwd: dir });
        const before = (await readdir(dir)).sort();
        const fn = makeFunction(dir, { arch: process.arch === 'x64' ? 'arm64' : 'x64' });
        const context = makeContext(cacheDir, { cacheDir });
        const found = await resolveDependencies(fn, createManifestReader(), context);
        const names = found.installed.packages.map(({ manifest }) => manifest.name);
        assert.ok(names.includes(`@node-rs/crc32-linux-${fn.platform.arch}-gnu`), names.join());
        assert.equal((await readdir(dir)).sort(), before, 'the project is as it was');
        assert.equal(found.findings, []);

        const again = await resolveDependencies(fn, createManifestReader(), context);
        assert.is(again.installDir, found.installDir);
        assert.equal((await readdir(join(cacheDir, 'installs'))).length, 1);
        await disagree(dir);
        const error = await rejects(
          resolveDependencies(fn, createManifestReader(), context),
          'LOCKFILE_DISAGREES',
        );
        assert.match(error.hint, 'lockfile');
        assert.equal((await readdir(join(cacheDir, 'installs'))).length, 1, 'no half installation stays');
        assert.ok((await readFile(join(dir, lockfile), 'utf8')).length > 0);
      }),
    ));
}

/** Adds a dependency that the lockfile does not know. */
async function disagree(dir: string): Promise<void> {
  const manifest = JSON.parse(PROJECT['package.json']);
  manifest.dependencies['is-number'] = '7.0.0';
  await writeFile(join(dir, 'package.json'), JSON.stringify(manifest));
}

test('without a lockfile it installs all the same, and says so', () =>
  withProject(PROJECT, dir =>
    withTempDir(async workDir => {
      const found = await resolveDependencies(
        makeFunction(dir),
        createManifestReader(),
        makeContext(workDir),
      );
      assert.ok(found.installed.packages.length >= 2);
      assert.equal(
        found.findings.map(({ code }) => code),
        ['NO_LOCKFILE'],
      );
    }),
  ));

test('a package that does not exist is told with what npm said', () =>
  withProject(
    {
      ...PROJECT,
      'package.json': JSON.stringify({ name: 'app', dependencies: { '@node-rs/crc32': '999.0.0' } }),
    },
    dir =>
      withTempDir(async workDir => {
        const error = await rejects(
          resolveDependencies(makeFunction(dir), createManifestReader(), makeContext(workDir)),
          'INSTALL_FAILED',
        );
        assert.match(error.message, '999.0.0');
      }),
  ));

const PATCHED = {
  'package.json': JSON.stringify({
    name: 'app',
    version: '1.0.0',
    scripts: { postinstall: 'patch-package' },
    dependencies: { '@node-rs/crc32': '1.10.6', 'is-number': '7.0.0' },
    devDependencies: { 'patch-package': '^8.0.0' },
  }),
  'patches/@scope+tool+1.0.0.patch': 'of a package that is not installed for production',
  'patches/is-number+7.0.0.patch': `diff --git a/node_modules/is-number/index.js b/node_modules/is-number/index.js
--- a/node_modules/is-number/index.js
+++ b/node_modules/is-number/index.js
@@ -5,3 +5,4 @@
  * Released under the MIT License.
  */
 
+// patched by hand
`,
};

test("the patches of patch-package are applied, although the project's own scripts are not run", () =>
  withProject(PATCHED, dir =>
    withTempDir(async workDir => {
      const found = await resolveDependencies(
        makeFunction(dir),
        createManifestReader(),
        makeContext(workDir),
      );
      const code = await readFile(join(found.installDir, 'node_modules/is-number/index.js'), 'utf8');
      assert.match(code, 'patched by hand');
    }),
  ));

test('a patch that does not fit stops the build', () =>
  withProject(
    {
      ...PATCHED,
      'patches/is-number+7.0.0.patch': PATCHED['patches/is-number+7.0.0.patch'].replace('the MIT', 'no'),
    },
    dir =>
      withTempDir(async workDir => {
        const error = await rejects(
          resolveDependencies(makeFunction(dir), createManifestReader(), makeContext(workDir)),
          'INSTALL_FAILED',
        );
        assert.match(error.message, 'is-number');
      }),
  ));

test('where packages were installed does not show in the bundle', () =>
  withProject(
    {
      'package.json': JSON.stringify({ name: 'app', type: 'module', dependencies: { 'is-number': '7.0.0' } }),
      'index.mjs': `import isNumber from 'is-number'; export const handler = async () => isNumber(1);`,
    },
    async dir => {
      const bundles = await Promise.all(
        [1, 2].map(() =>
          withTempDir(async cacheDir => {
            const hints = (): PackageHints => ({
              external: null,
              bundle: false,
              unusedDependencies: [],
              install: null,
            });
            const { tree } = await collectNode(makeFunction(dir), hints, makeContext(cacheDir, { cacheDir }));
            const entry = tree.entries.find(({ path }) => path === 'index.mjs');
            assert.ok(entry?.kind === 'file' && entry.source.kind === 'memory');
            const text = Buffer.from(entry.source.data).toString();
            assert.match(text, 'is-number');
            assert.not.match(text, 'installs/');
            return text;
          }),
        ),
      );
      assert.is(bundles[0], bundles[1]);
    },
  ));

test.run();
