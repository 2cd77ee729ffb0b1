import { chmod, lstat, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diffFolders, packageOf } from '../../src/verify/diff-folders.ts';
import { matchNatives } from '../../src/verify/match-natives.ts';
import { findSuspects } from '../../src/verify/suspects.ts';
import { makeTrialFolder } from '../../src/verify/trial-folder.ts';
import { settingsOf } from '../helpers/folder-function.ts';
import { withProject } from '../helpers/project.ts';
import { withUmask } from '../helpers/umask.ts';

test('folders differ in what one lacks and what it has changed', () =>
  withProject(
    {
      'a/same': 'x',
      'a/size': 'xx',
      'a/bytes': 'x'.repeat(200_000),
      'a/gone/deep': 'x',
      'a/link': '-> same',
      'a/link2': '-> same',
      'a/was-file': 'x',
      'b/same': 'x',
      'b/size': 'x',
      'b/bytes': `${'x'.repeat(199_999)}y`,
      'b/link': '-> same',
      'b/link2': '-> size',
      'b/was-file': '-> same',
      'b/more': 'x',
    },
    async dir => {
      const found = await diffFolders(join(dir, 'a'), join(dir, 'b'));
      assert.equal(
        found.map(({ path, kind }) => `${kind} ${path}`),
        ['changed bytes', 'removed gone/deep', 'changed link2', 'changed size', 'changed was-file'],
      );
      assert.equal(await diffFolders(join(dir, 'a'), join(dir, 'a')), []);
    },
  ));

test('the rule of a foreign artifact is the package', () => {
  assert.equal(
    [
      'node_modules/a/node_modules/@s/b/x.js',
      'node_modules/a/x.js',
      'numpy/tests/x.py',
      'x.py',
      'node_modules/.bin/x',
    ].map(packageOf),
    ['node_modules/a/node_modules/@s/b', 'node_modules/a', 'numpy', '.', 'node_modules/.bin'],
  );
});

test('of an artifact of ours, each difference has its rule; compiled code has none', () =>
  withProject(
    {
      'a/index.js': '1',
      'a/api.js': '1',
      'a/package.json': '{}',
      'a/plugins/late.js': '1',
      'a/own.txt': 'x',
      'a/p/doc.md': 'x',
      'a/p/lib.so': 'long',
      'a/p/twin.so': 'x',
      'a/p/fr.hbs': 'Bonjour',
      'b/index.js': '2',
      'b/api.mjs': '2',
      'b/p/lib.so': 's',
      'b/p/twin.so': '-> lib.so',
      'b/p/fr.hbs': '',
    },
    async dir => {
      const why = 'docs do not run';
      const found = await findSuspects(join(dir, 'a'), join(dir, 'b'), {
        removals: [{ path: 'p/doc.md', rule: { id: 'p/docs', why } }],
        native: {
          files: [{ path: 'p/lib.so', outcome: 'stripped' }],
          shared: [{ path: 'p/twin.so' }],
          compressed: null,
        },
      });
      assert.equal(
        found.map(({ path, kind, rule }) => `${kind} ${path} ${rule.id}`),
        [
          'removed own.txt collect/untraced',
          'removed p/doc.md p/docs',
          'changed p/fr.hbs exact/not-needed',
          'changed p/lib.so native/strip',
          'changed p/twin.so native/shared',
          'removed plugins/late.js collect/untraced',
        ],
      );
    },
  ));

test('a trial folder has exactly what was put back, and neither source is touched', () =>
  withProject(
    {
      'a/p/x': 'original',
      'a/p/y': 'original',
      'a/p/link': '-> x',
      'a/run': 'original',
      'b/p/x': 'slim',
      'b/q': '-> p/x',
      'b/run': '-> p/x',
    },
    async dir => {
      await chmod(join(dir, 'a/run'), 0o755);
      const code = join(dir, 'trial');
      const trial = await makeTrialFolder(join(dir, 'a'), join(dir, 'b'), code);
      const read = (path: string) => readFile(join(code, path), 'utf8');
      assert.is(await readlink(join(code, 'q')), 'p/x');
      await trial.restore(['p/x', 'p/y', 'p/link', 'run']);
      assert.equal(
        [await read('p/x'), await read('p/y'), await readlink(join(code, 'p/link'))],
        ['original', 'original', 'x'],
      );
      assert.is((await lstat(join(code, 'run'))).mode & 0o777, 0o755);
      await trial.restore(['p/y']);
      assert.equal(
        [await read('p/x'), await read('p/y'), await readlink(join(code, 'run'))],
        ['slim', 'original', 'p/x'],
      );
      await trial.restore([]);
      assert.not(await lstat(join(code, 'p/y')).catch(() => null));
      assert.is(await readFile(join(dir, 'a/p/x'), 'utf8'), 'original');
      assert.is(await readFile(join(dir, 'b/p/x'), 'utf8'), 'slim');
      assert.is((await stat(join(dir, 'a/p/x'))).nlink, 1, 'no hard link');
    },
  ));

test('a trial folder is never written to through a link that leads out of it', () =>
  withProject({ 'a/out/x': 'original', 'b/y': '1', 'user/keep': '1' }, async dir => {
    const { symlink } = await import('node:fs/promises');
    await symlink(join(dir, 'user'), join(dir, 'b/out'));
    const trial = await makeTrialFolder(join(dir, 'a'), join(dir, 'b'), join(dir, 'trial'));
    await trial.restore(['out/x']);
    assert.not(await lstat(join(dir, 'user/x')).catch(() => null));
  }));

test('a folder that is made in a trial folder may be read by all', () =>
  withProject({ 'a/new/x': 'original', 'b/y': '1' }, async dir => {
    await withUmask(0o077, async () => {
      const trial = await makeTrialFolder(join(dir, 'a'), join(dir, 'b'), join(dir, 'trial'));
      await trial.restore(['new/x']);
    });
    assert.is((await stat(join(dir, 'trial/new'))).mode & 0o777, 0o755);
  }));

const loaded = (code: string, paths: readonly string[]) => ({
  settings: settingsOf(code),
  loaded: new Set(paths),
});

test('native files match by path, by link, by name where they moved; and never by the name of another', () =>
  withProject({ 'a/p/libx.so': 'x', 'b/p/libx.so': '-> ../q/liby.so', 'b/q/liby.so': 'x' }, async dir => {
    const task = (paths: readonly string[]) => paths.map(path => `/var/task/${path}`);
    const match = async (original: readonly string[], slim: readonly string[]) =>
      matchNatives(loaded(join(dir, 'a'), original), loaded(join(dir, 'b'), slim));
    assert.equal(await match(task(['p/a.node']), task(['p/a.node'])), { both: 1, missing: [] });
    assert.equal(await match(task(['p/libx.so']), task(['q/liby.so'])), { both: 1, missing: [] });
    assert.equal(await match(task(['p/libz.so.1']), ['/tmp/lambda-slim/0f/p/libz.so.1']), {
      both: 1,
      missing: [],
    });
    assert.equal(await match(task(['p/libz.so', 'q/libz.so']), task(['q/libz.so'])), {
      both: 1,
      missing: task(['p/libz.so']),
    });
    assert.equal(await match(['/opt/lib/l.so', '/usr/lib64/libc.so.6', '/var/lang/bin/node'], []), {
      both: 0,
      missing: ['/opt/lib/l.so'],
    });
  }));

test.run();
