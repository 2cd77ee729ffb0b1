import { lstat, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SyncProgress } from '../../../src/bundle/sync/types.ts';
import {
  expectedTree,
  inode,
  makeBundle,
  readTree,
  syncSome,
  syncTo,
  type Tree,
  toSource,
  withStore,
} from '../../helpers/sync-store.ts';
import { withUmask } from '../../helpers/umask.ts';

const big = (seed: number): Buffer =>
  Buffer.from(Array.from({ length: 4500 }, (_, i) => (i * i * seed) % 251));

const ONE: Tree = {
  'index.js': 'one',
  'bin/run*': '#!/bin/sh\n',
  'empty.txt': '',
  'model/weights.bin': big(3),
  'node_modules/a/index.js': 'module.exports = 1;',
  'node_modules/a/deep/er/x.js': 'x'.repeat(700),
  'lib/libx.so@': 'libx.so.1',
  'lib/libx.so.1': 'ELF',
};
const TWO: Tree = { ...ONE, 'index.js': 'two', 'model/weights.bin': big(5), 'new.txt': 'new' };

test('a release is written whole, with its modes, and becomes the current one', () =>
  withUmask(0o077, () =>
    withStore(async dir => {
      const bundle = await makeBundle(ONE);
      const events: SyncProgress[] = [];
      const done = await syncTo(dir, bundle, { onProgress: event => void events.push(event) });
      assert.is(await readlink(join(dir, 'current')), join('releases', bundle.release));
      assert.equal(await readTree(join(dir, 'current')), expectedTree(ONE));
      for (const { path, mode } of bundle.manifest.files)
        assert.is((await stat(join(dir, 'current', path))).mode & 0o7777, mode, path);
      for (const folder of ['.', 'node_modules/a/deep', 'model'])
        assert.is((await stat(join(dir, 'current', folder))).mode & 0o7777, 0o755, folder);
      assert.is(done.files, 7);
      assert.is(done.writtenFiles, 7);
      assert.is(done.linkedFiles, 0);
      assert.is(done.name, 'classify');
      assert.is(done.previous, null);
      assert.ok(!done.wasThere && done.fetchedBytes > 0);
      assert.equal([...new Set(events.map(({ phase }) => phase))], ['fetch', 'verify', 'finish']);
      const fetched = events.findLast(({ phase }) => phase === 'fetch');
      assert.is(fetched?.doneBytes, fetched?.totalBytes);
    }),
  ));

test('what is there already is not fetched again', () =>
  withStore(async dir => {
    const bundle = await makeBundle(ONE);
    await syncTo(dir, bundle);
    const before = await inode(join(dir, 'current/index.js'));
    const source = toSource(bundle);
    const again = await syncTo(dir, source);
    assert.ok(again.wasThere);
    assert.equal(source.asked, ['bundle.json']);
    assert.is(await inode(join(dir, 'current/index.js')), before);
  }));

test('unchanged files are shared with the release before, changed ones are not', () =>
  withStore(async dir => {
    const [one, two] = [await makeBundle(ONE), await makeBundle(TWO)];
    await syncTo(dir, one);
    const done = await syncTo(dir, two);
    assert.equal(await readTree(join(dir, 'current')), expectedTree(TWO));
    assert.equal(await readTree(join(dir, 'releases', one.release)), expectedTree(ONE));
    assert.is(done.previous, one.release);
    assert.is(done.linkedFiles, 4);
    assert.is(done.writtenFiles, 4);
    const of = (release: string, path: string) => inode(join(dir, 'releases', release, path));
    for (const path of ['bin/run', 'node_modules/a/deep/er/x.js', 'lib/libx.so.1'])
      assert.is(await of(one.release, path), await of(two.release, path), path);
    for (const path of ['index.js', 'model/weights.bin'])
      assert.is.not(await of(one.release, path), await of(two.release, path), path);
  }));

test('the same content with another mode is not shared', () =>
  withStore(async dir => {
    await syncTo(dir, await makeBundle({ run: 'x', other: 'y' }));
    const two = await makeBundle({ 'run*': 'x', other: 'y' });
    assert.is((await syncTo(dir, two)).linkedFiles, 1);
    assert.is((await lstat(join(dir, 'current/run'))).mode & 0o777, 0o755);
  }));

test('a moved file is shared, and the sync of a release that is there switches back to it', () =>
  withStore(async dir => {
    const one = await makeBundle({ a: 'x'.repeat(50), b: '1' });
    await syncTo(dir, one);
    assert.is((await syncTo(dir, await makeBundle({ 'sub/c': 'x'.repeat(50), b: '2' }))).linkedFiles, 1);
    const back = await syncTo(dir, one);
    assert.ok(back.wasThere && back.previous !== null);
    assert.is(await readFile(join(dir, 'current/b'), 'utf8'), '1');
  }));

test('time that is up ends it between chunks, and the next sync goes on from there', () =>
  withStore(async dir => {
    const bundle = await makeBundle(ONE);
    let doneBytes = -1;
    for (let round = 0; ; round++) {
      assert.ok(round < 20, 'it gets on');
      const slow = toSource(bundle, async (key, bytes) => {
        if (key.startsWith('chunks/')) await new Promise(resolve => setTimeout(resolve, 60));
        return bytes;
      });
      const result = await syncSome(dir, slow, { deadlineMs: 50, parallel: 1 });
      if (result.state === 'done') break;
      assert.ok(result.doneBytes >= doneBytes && result.doneBytes < result.totalBytes);
      doneBytes = result.doneBytes;
      assert.ok(slow.asked.filter(key => key.startsWith('chunks/')).length <= 1);
    }
    assert.ok(doneBytes > 0);
    assert.equal(await readTree(join(dir, 'current')), expectedTree(ONE));
  }));

test.run();
