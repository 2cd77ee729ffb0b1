import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeZstd } from '../../../src/codec/encoders.ts';
import { SlimError } from '../../../src/errors.ts';
import { orNull } from '../../../src/util/fs.ts';
import { rejects } from '../../helpers/rejects.ts';
import {
  expectedTree,
  makeBundle,
  readTree,
  sealBundle,
  sha256,
  syncTo,
  type Tree,
  toSource,
  withStore,
} from '../../helpers/sync-store.ts';

const OLD: Tree = { 'a.txt': 'old', 'b.txt': 'same' };
const NEW: Tree = { 'a.txt': 'new', 'b.txt': 'same', 'c/d.txt': 'x'.repeat(900), 'e.txt': 'y'.repeat(900) };

const isChunk = (key: string): boolean => key.startsWith('chunks/');
const flip = (bytes: Buffer): Buffer => {
  const spoilt = Buffer.from(bytes);
  spoilt[spoilt.length >> 1] = (spoilt[spoilt.length >> 1] ?? 0) ^ 0x40;
  return spoilt;
};

/** What is there stays what it was, and the next sync, of what is right, completes. */
async function staysWhole(dir: string): Promise<void> {
  assert.equal(await readTree(join(dir, 'current')), expectedTree(OLD));
  await syncTo(dir, await makeBundle(NEW));
  assert.equal(await readTree(join(dir, 'current')), expectedTree(NEW));
}

const big = await encodeZstd(Buffer.alloc(50_000_000), 'fast');
const SPOILT: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'with a wrong byte': flip,
  'cut short': bytes => bytes.subarray(0, bytes.length - 5),
  empty: () => Buffer.alloc(0),
  'with more behind it': bytes => Buffer.concat([bytes, bytes]),
  'that is no zstd at all': bytes => Buffer.alloc(bytes.length, 7),
  'that inflates to far more': bytes => Buffer.from(big.subarray(0, Math.max(bytes.length, big.length))),
};
const REASONS: Readonly<Record<string, RegExp>> = {
  'cut short': /it is cut short: \d+ of \d+ bytes/,
  empty: /it is cut short: 0 of \d+ bytes/,
  'with more behind it': /more than \d+ compressed bytes/,
  'that is no zstd at all': /it is no zstd frame|its content is not/,
  'that inflates to far more': /more than \d+/,
};
for (const [what, spoil] of Object.entries(SPOILT))
  test(`a chunk ${what} is fetched once more, and then nothing changes`, () =>
    withStore(async dir => {
      await syncTo(dir, await makeBundle(OLD));
      const source = toSource(await makeBundle(NEW), (key, bytes) => (isChunk(key) ? spoil(bytes) : bytes));
      const { message } = await rejects(syncTo(dir, source, { parallel: 1 }), 'BUNDLE_SPOILT');
      assert.match(message, REASONS[what] ?? /its content is not what/);
      const chunks = source.asked.filter(isChunk);
      assert.equal(chunks, [chunks[0], chunks[0]]);
      await staysWhole(dir);
    }));

test('a chunk that is wrong once does no harm', () =>
  withStore(async dir => {
    const source = toSource(await makeBundle(NEW), (key, bytes, nth) =>
      isChunk(key) && nth === 1 ? flip(bytes) : bytes,
    );
    await syncTo(dir, source);
    assert.equal(await readTree(join(dir, 'current')), expectedTree(NEW));
  }));

test('a connection that breaks begins the chunk anew, several times', () =>
  withStore(async dir => {
    const source = toSource(await makeBundle({ a: 'a' }), (key, bytes, nth) => {
      if (isChunk(key) && nth <= 3) throw new Error('ECONNRESET');
      return bytes;
    });
    await syncTo(dir, source);
    assert.is(source.asked.filter(isChunk).length, 4);
  }));

test('a chunk that is withheld ends it at once; what was fetched before is not fetched again', () =>
  withStore(async dir => {
    await syncTo(dir, await makeBundle(OLD));
    const bundle = await makeBundle(NEW);
    const missing = [...bundle.objects.keys()].filter(isChunk).at(-1) as string;
    const withheld = toSource(bundle, (key, bytes) => {
      if (key === missing) throw new SlimError('BUNDLE_MISSING', [key]);
      return bytes;
    });
    await rejects(syncTo(dir, withheld, { parallel: 1 }), 'BUNDLE_MISSING');
    assert.is(withheld.asked.filter(isChunk).length, 2);
    assert.equal(await readTree(join(dir, 'current')), expectedTree(OLD));
    const again = toSource(bundle);
    await syncTo(dir, again);
    assert.equal(again.asked.filter(isChunk), [missing]);
    assert.equal(await readTree(join(dir, 'current')), expectedTree(NEW));
  }));

test('a manifest that is not what the release is named after is refused', () =>
  withStore(async dir => {
    await syncTo(dir, await makeBundle(OLD));
    const other = Buffer.from(await encodeZstd(Buffer.from('{}'), 'fast'));
    const source = toSource(await makeBundle(NEW), (key, bytes) =>
      key.startsWith('manifests/') ? other : bytes,
    );
    await rejects(syncTo(dir, source), 'BUNDLE_INVALID');
    await staysWhole(dir);
  }));

test('a manifest that lies about a file is found out before anything changes', () =>
  withStore(async dir => {
    await syncTo(dir, await makeBundle(OLD));
    const { manifest, objects } = await makeBundle(NEW);
    const files = manifest.files.map(file =>
      file.path === 'e.txt' ? { ...file, sha256: sha256(Buffer.from('something else')) } : file,
    );
    const error = await rejects(
      syncTo(dir, await sealBundle({ ...manifest, files }, new Map(objects))),
      'BUNDLE_INVALID',
    );
    assert.match(error.message, /memory: .* e\.txt is not what the manifest says of it/);
    await staysWhole(dir);
  }));

for (const path of ['../outside.txt', '/outside.txt', 'c/../../outside.txt', 'c\\..\\..\\x', 'a\0b', ''])
  test(`a manifest with the path ${JSON.stringify(path)} is refused`, () =>
    withStore(async dir => {
      await syncTo(dir, await makeBundle(OLD));
      const { manifest, objects } = await makeBundle(NEW);
      const files = manifest.files.map(file => (file.path === 'a.txt' ? { ...file, path } : file));
      await rejects(
        syncTo(dir, await sealBundle({ ...manifest, files }, new Map(objects))),
        'BUNDLE_INVALID',
      );
      assert.is(await orNull(lstat(join(dir, 'outside.txt'))), null);
      await staysWhole(dir);
    }));

/** What a sync that was broken off may leave in its folder, made by somebody who means harm. */
async function breakOff(dir: string): Promise<{ partial: string; outside: string }> {
  const bundle = await makeBundle(NEW);
  const source = toSource(bundle, (key, bytes) => {
    if (isChunk(key)) throw new SlimError('BUNDLE_MISSING', [key]);
    return bytes;
  });
  await rejects(syncTo(dir, source), 'BUNDLE_MISSING');
  const [number = ''] = await readdir(join(dir, 'work'));
  const outside = join(dirname(dir), 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'd.txt'), 'precious');
  return { partial: join(dir, 'work', number, `${bundle.release}.partial`), outside };
}

test('links in the way of what is being written are not followed', () =>
  withStore(async dir => {
    const { partial, outside } = await breakOff(dir);
    await rm(join(partial, 'c'), { recursive: true });
    await symlink(outside, join(partial, 'c'));
    await symlink(join(outside, 'd.txt'), join(partial, 'a.txt'));
    await symlink(outside, join(partial, 'stranger'));
    await mkdir(join(partial, 'e.txt'));
    await syncTo(dir, await makeBundle(NEW));
    assert.equal(await readTree(join(dir, 'current')), expectedTree(NEW));
    assert.equal(await readTree(outside), { 'd.txt': 'precious' });
  }));

test('nor is one in the place of the folder that is written into, or of its journal', () =>
  withStore(async dir => {
    const { partial, outside } = await breakOff(dir);
    await rm(partial, { recursive: true });
    await symlink(outside, partial);
    await syncTo(dir, await makeBundle(NEW));
    assert.equal(await readTree(join(dir, 'current')), expectedTree(NEW));
    const [number = ''] = await readdir(join(dir, 'work'));
    await rm(join(dir, 'work', number), { recursive: true });
    await symlink(outside, join(dir, 'work', number));
    await syncTo(dir, await makeBundle(OLD));
    assert.equal(await readTree(join(dir, 'current')), expectedTree(OLD));
    assert.is(await readFile(join(outside, 'd.txt'), 'utf8'), 'precious');
  }));

test('a journal that claims more than there is, is only a hint', () =>
  withStore(async dir => {
    const { partial } = await breakOff(dir);
    await writeFile(partial.replace('.partial', '.journal'), '0\n1\n2\n3\n');
    await writeFile(join(partial, 'a.txt'), 'xxx');
    await writeFile(join(partial, 'e.txt'), 'y'.repeat(2000));
    await syncTo(dir, await makeBundle(NEW));
    assert.equal(await readTree(join(dir, 'current')), expectedTree(NEW));
  }));

test.run();
