import { mkdir, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainFailure } from '../../../src/bundle/sync/explain-failure.ts';
import { rollbackStore } from '../../../src/bundle/sync/rollback-store.ts';
import { makeStore, toStore } from '../../../src/bundle/sync/store.ts';
import { claimStore, readMark } from '../../../src/bundle/sync/store-mark.ts';
import { verifyStore } from '../../../src/bundle/sync/verify-store.ts';
import { rejects } from '../../helpers/rejects.ts';
import {
  expectedTree,
  makeBundle,
  makeOld,
  readTree,
  type SmallBundle,
  sealBundle,
  syncTo,
  toSource,
  withStore,
} from '../../helpers/sync-store.ts';

const TREE = { 'a.txt': 'a', 'b/c.txt': 'c' };
const HOUR = 3_600_000;

const toBundle = (version: number): Promise<SmallBundle> => makeBundle({ ...TREE, 'v.txt': `${version}` });

/** The same files for a function of another name. */
async function makeOther(name: string): Promise<SmallBundle> {
  const { manifest, objects } = await makeBundle(TREE);
  return sealBundle({ ...manifest, name }, new Map(objects));
}

async function writeFiles(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  }
}

test('a store says that it is one, and whose', () =>
  withStore(async dir => {
    await syncTo(dir, await toBundle(1));
    assert.equal(JSON.parse(await readFile(join(dir, 'store.json'), 'utf8')), {
      schema: 1,
      name: 'classify',
    });
    assert.equal((await readdir(dir)).sort(), [
      ...['current', 'history.json', 'locks', 'manifests', 'releases', 'spoilt', 'store.json', 'work'],
    ]);
  }));

test('a folder of somebody else is left as it is', () =>
  withStore(async dir => {
    const theirs = {
      'manifests/k8s.yaml': 'kind: Pod',
      'manifests/dir/z': 'z',
      'spoilt/x': 'x',
      'history.json': '{}',
      'work/7/y': 'y',
      'locks/1': '1',
    };
    await writeFiles(dir, theirs);
    await symlink('manifests', join(dir, 'current'));
    const source = toSource(await toBundle(1));
    const { message } = await rejects(syncTo(dir, source), 'STORE_IN_THE_WAY');
    assert.match(message, /it has current, history\.json, locks and 3 more, and no store\.json/);
    assert.equal(await readTree(dir), expectedTree({ ...theirs, 'current@': 'manifests' }));
    assert.equal(source.asked, []);
  }));

test('a folder that is empty may become a store, also with what file systems and the sync function put there', () =>
  withStore(async dir => {
    const aside = { 'lost+found/f': 'f', '.snapshot/s': 's', 'runs/r1.json': '{}' };
    await writeFiles(dir, aside);
    await syncTo(dir, await toBundle(1));
    for (const [path, content] of Object.entries(aside))
      assert.is(await readFile(join(dir, path), 'utf8'), content);
    assert.equal((await verifyStore(dir)).problems, []);
  }));

test('what was left behind while a store was made is no hindrance, and goes', () =>
  withStore(async dir => {
    const left = join(dir, '.lambda-slim-0123456789abcdef');
    await writeFiles(dir, { '.lambda-slim-0123456789abcdef': '{"sch' });
    await makeOld(left, HOUR);
    await syncTo(dir, await toBundle(1));
    assert.not.ok((await readdir(dir)).some(name => name.startsWith('.')));
  }));

test('the store of one function does not take the releases of another, unless its name was changed', () =>
  withStore(async dir => {
    const mine = await syncTo(dir, await toBundle(1));
    const source = toSource(await makeOther('resize'));
    const { message, hint } = await rejects(syncTo(dir, source), 'STORE_OTHER');
    assert.match(message, /the function "classify", and this bundle is of "resize"/);
    assert.match(hint, /new name into .*store\.json/);
    assert.not.ok(source.asked.some(key => key.startsWith('chunks/')));
    assert.equal(await readdir(join(dir, 'releases')), [mine.release]);
    await writeFile(join(dir, 'store.json'), '{ "schema": 1, "name": "resize" }\n');
    await syncTo(dir, source);
    assert.equal(await readTree(join(dir, 'current')), expectedTree(TREE));
    await rejects(syncTo(dir, await toBundle(1)), 'STORE_OTHER');
  }));

test('of two functions that come at once one has the store', () =>
  withStore(async dir => {
    const bundles = await Promise.all(['one', 'two', 'three'].map(makeOther));
    const codes = await Promise.all(
      bundles.map(bundle =>
        syncTo(dir, bundle, { waitMs: 60_000 }).then(
          ({ name }) => name,
          error => error.code,
        ),
      ),
    );
    const { name } = JSON.parse(await readFile(join(dir, 'store.json'), 'utf8'));
    assert.equal([...codes].sort(), ['STORE_OTHER', 'STORE_OTHER', name].sort());
    assert.is((await readdir(join(dir, 'releases'))).length, 1);
  }));

test('a store that another is just making is not taken for a folder of somebody else', () =>
  withStore(async dir => {
    for (let round = 0; round < 150; round++) {
      const store = toStore(join(dir, `${round}`));
      const make = claimStore(store, 'classify').then(() => makeStore(store));
      const look = async (): Promise<void> => {
        while ((await readMark(store)) === null);
      };
      await Promise.all([make, look(), look(), look()]);
    }
  }));

for (const content of ['', '{', 'null', '[]', '{"schema":2,"name":"classify"}', '{"schema":1,"name":7}'])
  test(`a store.json that is ${content || 'empty'} is refused`, () =>
    withStore(async dir => {
      await syncTo(dir, await toBundle(1));
      await writeFile(join(dir, 'store.json'), content);
      const bundle = await toBundle(2);
      for (const attempt of [() => syncTo(dir, bundle), () => verifyStore(dir), () => rollbackStore(dir)])
        assert.match((await rejects(attempt(), 'STORE_IN_THE_WAY')).message, /its store\.json/);
      assert.is(await readFile(join(dir, 'current/v.txt'), 'utf8'), '1');
    }));

test('what is no store is neither verified nor rolled back', () =>
  withStore(async dir => {
    await syncTo(dir, await toBundle(1));
    await syncTo(dir, await toBundle(2));
    await unlink(join(dir, 'store.json'));
    const before = await readTree(dir);
    await rejects(verifyStore(dir), 'STORE_MISSING');
    await rejects(rollbackStore(dir), 'STORE_MISSING');
    assert.equal(await readTree(dir), before);
  }));

test('names that are not ours stay where they are, when old releases go', () =>
  withStore(async dir => {
    const old = await syncTo(dir, await toBundle(1));
    await syncTo(dir, await toBundle(2));
    const number = (await readdir(join(dir, 'work')))[0] ?? '';
    const theirs = {
      'manifests/k8s.yaml': 'kind: Pod',
      'manifests/dir/z': 'z',
      'spoilt/x': 'x',
      'releases/notes.txt': 'n',
      'locks/.mine': 'm',
      'work/readme': 'r',
      [`work/${number}/mine.txt`]: 'm',
      [`work/${number}/mine.partial/x`]: 'm',
      '.mine': 'm',
    };
    await writeFiles(dir, theirs);
    for (const path of Object.keys(theirs)) await makeOld(join(dir, path), 2 * HOUR);
    await makeOld(join(dir, `work/${number}/mine.partial`), 2 * HOUR);
    await makeOld(join(dir, 'releases', old.release), 2 * HOUR);
    const { pruned } = await syncTo(dir, await toBundle(3), { keep: 1 });
    assert.equal(pruned, [old.release]);
    const moved = (await readdir(join(dir, 'work'))).find(name => name !== 'readme') ?? '';
    for (const [path, content] of Object.entries(theirs))
      assert.is(
        await readFile(join(dir, path.replace(`work/${number}/`, `work/${moved}/`)), 'utf8'),
        content,
        path,
      );
    assert.is((await readdir(join(dir, 'manifests'))).length, 4);
  }));

for (const kind of ['file', 'folder'] as const)
  test(`a ${kind} in the place of \`current\` is told before anything is fetched`, () =>
    withStore(async dir => {
      await syncTo(dir, await toBundle(1));
      await syncTo(dir, await toBundle(2));
      const history = await readFile(join(dir, 'history.json'), 'utf8');
      await unlink(join(dir, 'current'));
      if (kind === 'file') await writeFile(join(dir, 'current'), 'precious');
      else await mkdir(join(dir, 'current'));
      const source = toSource(await toBundle(3));
      const { message } = await rejects(syncTo(dir, source), 'SYNC_UNWRITABLE');
      assert.ok(message.includes(`${join(dir, 'current')}: a ${kind} is in the way`), message);
      assert.equal(source.asked, []);
      assert.is(await readFile(join(dir, 'history.json'), 'utf8'), history);
      if (kind === 'file') assert.is(await readFile(join(dir, 'current'), 'utf8'), 'precious');
    }));

test('nor is one replaced that came while it was fetched', () =>
  withStore(async dir => {
    const source = toSource(await toBundle(1), async (key, bytes) => {
      if (key.startsWith('chunks/')) await writeFile(join(dir, 'current'), 'precious');
      return bytes;
    });
    await rejects(syncTo(dir, source), 'SYNC_UNWRITABLE');
    assert.is(await readFile(join(dir, 'current'), 'utf8'), 'precious');
  }));

test('what is in the way of a rename is named, not what was to be renamed', () =>
  withStore(async dir => {
    await writeFiles(dir, { 'work/new': '', 'place/x': '' });
    const error = await rename(join(dir, 'work/new'), join(dir, 'place')).catch(reason => reason);
    const explained = explainFailure(error, { dir, lock: null, signal: undefined });
    assert.match(String(await explained), /Cannot write .*store\/place: a folder is in the way/);
  }));

test('a link to a folder is followed, wherever it stands in the path', () =>
  withStore(async dir => {
    const [real, link] = [join(dir, 'real/store'), join(dir, 'link')];
    await mkdir(real, { recursive: true });
    await symlink('real/store', link);
    await syncTo(link, await toBundle(1));
    await syncTo(link, await toBundle(2));
    assert.is(await readFile(join(real, 'current/v.txt'), 'utf8'), '2');
    assert.equal((await verifyStore(link)).problems, []);
    await rollbackStore(link);
    assert.is(await readFile(join(real, 'current/v.txt'), 'utf8'), '1');
    await symlink('real', join(dir, 'middle'));
    await syncTo(join(dir, 'middle/other/store'), await toBundle(1));
    assert.is(await readFile(join(dir, 'real/other/store/current/v.txt'), 'utf8'), '1');
  }));

for (const below of ['', '/below/it'])
  test(`a link that leads nowhere is told, and nothing is written: link${below}`, () =>
    withStore(async dir => {
      await mkdir(dir);
      for (const target of ['nothing', 'link']) {
        await symlink(target, join(dir, 'link'));
        const source = toSource(await toBundle(1));
        const { message } = await rejects(syncTo(join(dir, `link${below}`), source), 'SYNC_UNWRITABLE');
        assert.ok(message.includes(`${join(dir, 'link')}: it is a link that leads nowhere`), message);
        assert.equal(source.asked, []);
        assert.equal(await readdir(dir), ['link']);
        await rm(join(dir, 'link'));
      }
    }));

test('what is to be protected has to be something that is there, but for a whole id', () =>
  withStore(async dir => {
    const one = await syncTo(dir, await toBundle(1));
    const two = await toBundle(2);
    const source = toSource(two);
    const { message } = await rejects(syncTo(dir, source, { protect: ['zz'] }), 'RELEASE_UNKNOWN');
    assert.ok(message.includes(`no release "zz". It has: ${one.release.slice(0, 12)}.`), message);
    assert.not.ok(source.asked.some(key => key.startsWith('chunks/')));
    const known = [one.release.slice(0, 7), two.release.slice(0, 7), 'f'.repeat(64)];
    await syncTo(dir, source, { protect: known });
  }));

test('a manifest that is gone and one that is changed are told apart, and the next sync mends both', () =>
  withStore(async dir => {
    const bundle = await toBundle(1);
    await syncTo(dir, bundle);
    const path = join(dir, 'manifests', `${bundle.release}.json`);
    const json = await readFile(path, 'utf8');
    const spoilt = async () => (await rejects(verifyStore(dir), 'STORE_SPOILT')).message;
    for (const content of ['{}', json.replace('a.txt', 'z.txt')]) {
      await writeFile(path, content);
      assert.ok((await spoilt()).includes(`manifests/${bundle.release}.json is not what was written`));
      await syncTo(dir, bundle);
      assert.is(await readFile(path, 'utf8'), json);
    }
    await unlink(path);
    assert.ok((await spoilt()).includes(`manifests/${bundle.release}.json is not in it any more`));
    await syncTo(dir, bundle);
    assert.equal((await verifyStore(dir)).problems, []);
  }));

test.run();
