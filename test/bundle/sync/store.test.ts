import { chmod, mkdir, readdir, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rollbackStore } from '../../../src/bundle/sync/rollback-store.ts';
import { verifyStore } from '../../../src/bundle/sync/verify-store.ts';
import { rejects } from '../../helpers/rejects.ts';
import {
  expectedTree,
  inode,
  makeBundle,
  makeOld,
  readTree,
  type SmallBundle,
  syncTo,
  toSource,
  withStore,
} from '../../helpers/sync-store.ts';

const HOUR = 3_600_000;
const SAME = { 'same.txt': 's'.repeat(300), 'lib/l@': 'm', 'lib/m': 'mm' };
const toTree = (version: number) => ({ ...SAME, 'v.txt': `v${version}` });
const toBundle = (version: number): Promise<SmallBundle> => makeBundle(toTree(version));

/** Syncs versions 1 to `count`; gives their ids. */
async function syncAll(dir: string, count: number, options = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let version = 1; version <= count; version++)
    ids.push((await syncTo(dir, await toBundle(version), { keep: 100, ...options })).release);
  return ids;
}

const release = (dir: string, id: string | undefined): string => join(dir, 'releases', id as string);
const listReleases = (dir: string) => readdir(join(dir, 'releases'));

test('verifying finds what is missing, changed, of other kind or mode, and what does not belong there', () =>
  withStore(async dir => {
    const bundle = await makeBundle({ ...SAME, a: 'aaa', b: 'bbb', c: 'ccc', 'd/e': 'eee', f: 'fff' });
    await syncTo(dir, bundle);
    assert.equal((await verifyStore(dir)).problems, []);
    const at = (path: string): string => join(dir, 'current', path);
    await unlink(at('a'));
    await writeFile(at('b'), 'bxb');
    await chmod(at('c'), 0o600);
    await rm(at('d'), { recursive: true });
    await symlink('/etc', at('d'));
    await unlink(at('lib/l'));
    await symlink('/etc/passwd', at('lib/l'));
    await unlink(at('f'));
    await symlink('c', at('f'));
    await writeFile(at('more.txt'), '');
    await mkdir(at('lib/__pycache__'));
    await writeFile(at('lib/__pycache__/m.pyc'), '');
    const { problems, files } = await verifyStore(dir, { release: bundle.release.slice(0, 8) });
    assert.is(files, 7);
    assert.equal(problems, [
      { path: 'a', kind: 'missing' },
      { path: 'b', kind: 'changed' },
      { path: 'c', kind: 'mode' },
      { path: 'd', kind: 'kind' },
      { path: 'd/e', kind: 'missing' },
      { path: 'f', kind: 'kind' },
      { path: 'lib/l', kind: 'kind' },
      { path: 'more.txt', kind: 'unknown' },
    ]);
    const source = toSource(bundle);
    const mended = await syncTo(dir, source);
    assert.equal(
      mended.repaired,
      problems.map(({ path }) => path),
    );
    assert.equal((await verifyStore(dir)).problems, []);
    assert.ok((await syncTo(dir, bundle)).wasThere);
  }));

test('a spoilt file that releases share is written anew in the one that is mended, and not carried over', () =>
  withStore(async dir => {
    const [one] = await syncAll(dir, 1);
    await writeFile(join(release(dir, one), 'same.txt'), 'x'.repeat(300));
    const two = await syncTo(dir, await toBundle(2));
    assert.equal(await readTree(join(dir, 'current')), expectedTree(toTree(2)));
    assert.is(two.linkedFiles, 1);
    assert.is.not(
      await inode(join(release(dir, one), 'same.txt')),
      await inode(join(dir, 'current/same.txt')),
    );
    assert.equal((await verifyStore(dir, { release: one as string })).problems, [
      { path: 'same.txt', kind: 'changed' },
    ]);
    const mended = await syncTo(dir, await toBundle(1));
    assert.equal(mended.repaired, ['same.txt']);
    assert.equal(await readTree(join(dir, 'current')), expectedTree(toTree(1)));
  }));

test('a release that lacks a file is mended without having been verified', () =>
  withStore(async dir => {
    const [one] = await syncAll(dir, 1);
    await unlink(join(release(dir, one), 'v.txt'));
    assert.equal((await syncTo(dir, await toBundle(1))).repaired, ['v.txt']);
  }));

test('old releases go, but for the newest ones', () =>
  withStore(async dir => {
    const ids = await syncAll(dir, 5);
    assert.is((await listReleases(dir)).length, 5, 'young ones stay');
    for (const [index, id] of ids.entries()) await makeOld(release(dir, id), (9 - index) * HOUR);
    const done = await syncTo(dir, await toBundle(6), { keep: 3 });
    assert.equal([...done.pruned].sort(), ids.slice(0, 3).sort());
    assert.equal((await readdir(join(dir, 'manifests'))).length, 3);
    assert.equal((await listReleases(dir)).sort(), [...ids.slice(3), done.release].sort());
    assert.equal(await readdir(join(dir, 'work', (await readdir(join(dir, 'work')))[0] as string)), []);
  }));

test('what is current, protected, or younger than an hour never goes', () =>
  withStore(async dir => {
    const ids = await syncAll(dir, 5);
    for (const [index, id] of ids.entries()) await makeOld(release(dir, id), (9 - index) * HOUR);
    await makeOld(release(dir, ids[1]), 0.9 * HOUR);
    await syncTo(dir, await toBundle(1), { keep: 100 });
    await makeOld(release(dir, ids[0]), 20 * HOUR);
    const { pruned } = await syncTo(dir, await toBundle(1), {
      keep: 1,
      protect: [ids[2]?.slice(0, 10) as string],
    });
    assert.equal(pruned, [ids[3]]);
    assert.equal((await listReleases(dir)).sort(), [0, 1, 2, 4].map(index => ids[index]).sort());
  }));

test('what was begun and not gone on with for an hour goes', () =>
  withStore(async dir => {
    await syncAll(dir, 1);
    const broken = toSource(await toBundle(7), (key, bytes) =>
      key.startsWith('chunks') ? Buffer.alloc(3) : bytes,
    );
    await rejects(syncTo(dir, broken), 'BUNDLE_SPOILT');
    const list = async (): Promise<readonly string[]> => {
      const [number = ''] = await readdir(join(dir, 'work'));
      return (await readdir(join(dir, 'work', number))).map(name => join(dir, 'work', number, name));
    };
    await syncAll(dir, 1);
    const partial = (await list()).find(path => path.endsWith('.partial')) as string;
    assert.ok(partial);
    await makeOld(partial, 2 * HOUR);
    await syncAll(dir, 1);
    assert.equal(await list(), []);
    assert.is((await readdir(join(dir, 'manifests'))).length, 1);
  }));

test('rolling back leads to the release before, and once more to the one before that', () =>
  withStore(async dir => {
    const ids = await syncAll(dir, 3);
    assert.equal(await rollbackStore(dir), { from: ids[2], to: ids[1] });
    assert.equal(await readTree(join(dir, 'current')), expectedTree(toTree(2)));
    assert.equal(await rollbackStore(dir), { from: ids[1], to: ids[0] });
    await rejects(rollbackStore(dir), 'ROLLBACK_NONE');
    await syncTo(dir, await toBundle(3));
    assert.equal(await rollbackStore(dir), { from: ids[2], to: ids[0] });
  }));

test('rolling back passes over releases that are gone, and a history that is', () =>
  withStore(async dir => {
    const ids = await syncAll(dir, 3);
    await rm(release(dir, ids[1]), { recursive: true });
    assert.equal(await rollbackStore(dir), { from: ids[2], to: ids[0] });
    await writeFile(join(dir, 'history.json'), '{"not": "a list"}');
    await rejects(rollbackStore(dir), 'ROLLBACK_NONE');
    await syncTo(dir, await toBundle(3));
    assert.equal(await rollbackStore(dir), { from: ids[2], to: ids[0] });
  }));

test('a release that is asked for: by id, by its beginning, one that is there only', () =>
  withStore(async dir => {
    const ids = await syncAll(dir, 2);
    const three = await toBundle(3);
    const back = await syncTo(dir, three, { release: ids[0]?.slice(0, 12) as string });
    assert.is(back.release, ids[0]);
    assert.equal(await readTree(join(dir, 'current')), expectedTree(toTree(1)));
    await syncTo(dir, three, { release: ids[1] as string });
    await rejects(syncTo(dir, three, { release: 'zzz' }), 'RELEASE_UNKNOWN');
    await rejects(syncTo(dir, three, { release: '' }), 'RELEASE_AMBIGUOUS');
  }));

test('where nothing was synced, there is nothing to verify or to go back to', () =>
  withStore(async dir => {
    await rejects(verifyStore(dir), 'STORE_MISSING');
    await rejects(rollbackStore(dir), 'STORE_MISSING');
    await rejects(verifyStore(dir, { release: 'abc' }), 'STORE_MISSING');
    await syncAll(dir, 1);
    await rejects(verifyStore(dir, { release: 'zzz' }), 'RELEASE_UNKNOWN');
  }));

test('a bundle that cannot be reached any more is not needed for what is there', () =>
  withStore(async dir => {
    const [one] = await syncAll(dir, 2);
    const gone = toSource(await toBundle(1), key => {
      throw new Error(`no ${key}`);
    });
    assert.ok((await syncTo(dir, gone, { release: one as string })).wasThere);
  }));

test('it is told whether what is wrong could be noted, and whether it is in the current release', () =>
  withStore(async dir => {
    const [one] = await syncAll(dir, 2);
    await writeFile(join(dir, 'current/v.txt'), 'xx');
    const { isCurrent, isNoted } = await verifyStore(dir);
    assert.equal([isCurrent, isNoted], [true, true]);
    await rm(join(dir, 'spoilt'), { recursive: true });
    await writeFile(join(dir, 'spoilt'), '');
    assert.is((await verifyStore(dir)).isNoted, false);
    assert.is((await verifyStore(dir, { release: one as string })).isCurrent, false);
  }));

test('what cannot be read is named', () =>
  withStore(async dir => {
    const [one] = await syncAll(dir, 1);
    await rm(join(dir, 'manifests', `${one}.json`));
    await mkdir(join(dir, 'manifests', `${one}.json`));
    const { message } = await rejects(verifyStore(dir), 'SYNC_UNREADABLE');
    assert.match(message, /a folder is in the way/);
  }));

test('a file or a folder in the way is named', () =>
  withStore(async dir => {
    await writeFile(dir, '');
    const { message } = await rejects(syncTo(dir, await toBundle(1)), 'SYNC_UNWRITABLE');
    assert.match(message, /in the way/);
    const below = await rejects(syncTo(join(dir, 'below'), await toBundle(1)), 'SYNC_UNWRITABLE');
    assert.ok(below.message.includes(`${dir}: a file is in the way`), below.message);
    await unlink(dir);
    await mkdir(join(dir, 'current'), { recursive: true });
    const other = await rejects(syncTo(dir, await toBundle(1)), 'STORE_IN_THE_WAY');
    assert.match(other.message, /it has current, and/);
  }));

test.run();
