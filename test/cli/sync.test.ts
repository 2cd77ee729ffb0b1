import { mkdir, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../src/util/fs.ts';
import { withAwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { type Ran, runFake } from '../helpers/fake-io.ts';
import { makeBundle, writeObjects } from '../helpers/sync-store.ts';

interface Desk {
  readonly cwd: string;
  readonly sync: (...argv: readonly string[]) => Promise<Ran>;
  /** Writes a bundle into `<name>`; gives its release. */
  readonly bundle: (name: string, content: string) => Promise<string>;
}

const withDesk = (use: (desk: Desk) => Promise<void>): Promise<void> =>
  withTempDir(cwd =>
    use({
      cwd,
      sync: (...argv) => runFake(['sync', ...argv], { cwd }),
      async bundle(name, content) {
        const made = await makeBundle({ 'v.txt': content, 'same.txt': 'same' });
        await mkdir(join(cwd, name));
        await writeObjects(join(cwd, name), made);
        return made.release;
      },
    }),
  );

test('it says what it did, and --json the same', () =>
  withDesk(async ({ cwd, sync, bundle }) => {
    const [one, two] = [await bundle('one', '1'), await bundle('two', '2')];
    const first = await sync('one', '--to', 'mnt/store');
    assert.is(first.code, 0, first.stderr);
    assert.match(first.stdout, /^classify is the current release, after \d+\.\d s\n/);
    assert.match(first.stdout, new RegExp(`release {2}${one.slice(0, 12)} {2}.*/mnt/store/releases/${one}`));
    assert.match(first.stdout, /files +2 files, 5 B: 0 shared with other releases, 2 written \(5 B\)/);
    assert.match(first.stderr, /^Fetching +\d.* s\nVerifying +\d.* s\nFinishing +\d.* s\n$/);
    const second = await sync('two', '--to', 'mnt/store', '--json');
    const { to, release, previous, linkedFiles, writtenFiles, state, command } = JSON.parse(second.stdout);
    assert.equal(
      { to, release, previous, linkedFiles, writtenFiles, state, command },
      {
        ...{ to: join(cwd, 'mnt/store'), release: two, previous: one, linkedFiles: 1, writtenFiles: 1 },
        ...{ state: 'done', command: 'sync' },
      },
    );
    assert.match(
      (await sync('two', '--to', 'mnt/store')).stdout,
      /was there already[\s\S]*nothing had to be written/,
    );
    const back = await sync('one', '--to', 'mnt/store');
    assert.match(back.stdout, new RegExp(`before +${two.slice(0, 12)}; --rollback leads back to it`));
    const chosen = await sync(
      'one',
      '--to',
      'mnt/store',
      '--release',
      two.slice(0, 9),
      '--keep',
      '1',
      '--protect',
      one,
    );
    assert.is(chosen.code, 0, chosen.stderr);
    assert.is((await readdir(join(cwd, 'mnt/store/releases'))).length, 2);
  }));

test('verify ends with 1 where something is wrong, rollback leads back', () =>
  withDesk(async ({ cwd, sync, bundle }) => {
    const [one, two] = [await bundle('one', '1'), await bundle('two', '2')];
    await sync('one', '--to', 'store');
    await sync('two', '--to', 'store');
    const whole = await sync('--to', 'store', '--verify');
    assert.is(whole.code, 0);
    assert.match(whole.stdout, /2 files, 5 B, all as they should be/);
    await writeFile(join(cwd, 'store/current/v.txt'), 'x');
    await unlink(join(cwd, 'store/current/same.txt'));
    const spoilt = await sync('--to', 'store', '--verify');
    assert.is(spoilt.code, 1);
    assert.match(spoilt.stdout, /2 problems\n {2}same\.txt is missing\n {2}v\.txt has other content\n/);
    assert.is(JSON.parse((await sync('--to', 'store', '--verify', '--json')).stdout).problems.length, 2);
    assert.match((await sync('two', '--to', 'store')).stdout, /mended +same\.txt, v\.txt/);
    const back = await sync('--to', 'store', '--rollback');
    assert.is(back.code, 0, back.stderr);
    assert.match(
      back.stdout,
      new RegExp(`store/current leads to ${one.slice(0, 12)} again, no longer to ${two.slice(0, 12)}`),
    );
    assert.is(await readFile(join(cwd, 'store/current/v.txt'), 'utf8'), '1');
    const none = await sync('--to', 'store', '--rollback', '--json');
    assert.is(none.code, 2);
    assert.is(JSON.parse(none.stdout).error.code, 'ROLLBACK_NONE');
  }));

const WRONG: readonly (readonly [string, readonly string[]])[] = [
  ['Say where to with --to', ['one']],
  ['Name the folder of the bundle', ['--to', 'store']],
  ['do not go together', ['--to', 'store', '--verify', '--rollback']],
  ['--to needs a value', ['one', '--to', '']],
  ['--to is a folder', ['one', '--to', 's3://foo/bar']],
  ['--release needs a value', ['one', '--to', 'store', '--release', '']],
  ['--protect needs a value', ['one', '--to', 'store', '--protect', '']],
  ['--verify needs no bundle', ['one', '--to', 'store', '--verify']],
  ['--rollback knows its release', ['--to', 'store', '--rollback', '--release', 'abc']],
  ['is no address of S3', ['s3://', '--to', 'store']],
  ['--keep has to be one whole number from 1', ['one', '--to', 'store', '--keep', '0']],
  ['--keep has to be one whole number from 1', ['one', '--to', 'store', '--keep', '1e3']],
];
for (const [reason, argv] of WRONG)
  test(`refused: sync ${argv.join(' ')}`, () =>
    withDesk(async ({ cwd, sync }) => {
      const { code, stderr } = await sync(...argv);
      assert.is(code, 2);
      assert.ok(stderr.includes('error USAGE') && stderr.includes(reason), stderr);
      assert.equal(await readdir(cwd), []);
    }));

for (const to of ['one', 'one/inside', './two/../one/manifests', 'link', 'link/in/side'])
  test(`a bundle is not written into: --to ${to}`, () =>
    withDesk(async ({ cwd, sync, bundle }) => {
      await bundle('one', '1');
      await mkdir(join(cwd, 'two'));
      await symlink('one', join(cwd, 'link'));
      const before = await readdir(cwd, { recursive: true });
      for (const named of ['one', 'link']) {
        const { code, stderr } = await sync(named, '--to', to);
        assert.is(code, 2);
        assert.match(stderr, /error USAGE[\s\S]*or lies in it/);
      }
      assert.equal(await readdir(cwd, { recursive: true }), before);
    }));

test('a folder that is no store, and the store of another, are refused', () =>
  withDesk(async ({ cwd, sync, bundle }) => {
    await bundle('one', '1');
    await mkdir(join(cwd, 'theirs'));
    await writeFile(join(cwd, 'theirs/current'), 'precious');
    const refused = await sync('one', '--to', 'theirs');
    assert.match(refused.stderr, /error STORE_IN_THE_WAY/);
    assert.is(await readFile(join(cwd, 'theirs/current'), 'utf8'), 'precious');
    await sync('one', '--to', 'store');
    await writeFile(join(cwd, 'store/store.json'), '{"schema":1,"name":"resize"}');
    assert.match((await sync('one', '--to', 'store')).stderr, /error STORE_OTHER/);
  }));

test('a bundle that is not there leaves nothing behind', () =>
  withDesk(async ({ cwd, sync }) => {
    const { code, stderr } = await sync('nothing', '--to', 'store');
    assert.is(code, 2);
    assert.match(stderr, /BUNDLE_MISSING/);
    assert.equal(await readdir(cwd), []);
  }));

test('from S3, with the region and the credentials of the environment', () =>
  withTempDir(async cwd => {
    const made = await makeBundle({ 'v.txt': '1' });
    const objects = Object.fromEntries([...made.objects].map(([key, bytes]) => [`ml/${key}`, bytes]));
    await withAwsStub({ seed: { buckets: { models: { objects } } } }, async ({ env }) => {
      const { code, stderr } = await runFake(['sync', 's3://models/ml', '--to', 'store'], { cwd, env });
      assert.is(code, 0, stderr);
      assert.is(await readFile(join(cwd, 'store/current/v.txt'), 'utf8'), '1');
    });
  }));

test.run();
