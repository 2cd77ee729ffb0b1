import { appendFile, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BLOCK_BYTES } from '../../src/zip/compressor.ts';
import { removeOldBlobs } from '../../src/zip/prune-blobs.ts';
import { findSha256, loadStatIndex, recordSha256, saveStatIndex } from '../../src/zip/stat-index.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { diskEntry, diskFile, memoryFile, type Room, withRoom } from './fixtures.ts';
import { makeBytes, makeText } from './sample-data.ts';

const LONG_AGO = 1_500_000_000;

async function listBlobs({ dir }: Room): Promise<readonly string[]> {
  const names = await readdir(join(dir, 'cache', 'blobs'), { recursive: true });
  return names.filter(name => name.endsWith('.deflate')).map(name => join(dir, 'cache', 'blobs', name));
}

test('each content is kept once, and read back instead of compressed', () =>
  withRoom(async room => {
    const data = makeText(BLOCK_BYTES + 7, 1);
    const entries = [await diskFile(room.dir, 'in/a', data), memoryFile('b', 'bbb'.repeat(99))];
    const { sha256 } = await writeZip(room.out, entries, room.cached);
    const blobs = await listBlobs(room);
    assert.is(blobs.length, 2);
    const times = await Promise.all(blobs.map(async path => (await stat(path)).ino));
    const copy = [await diskFile(room.dir, 'in/copy', data), memoryFile('b', 'bbb'.repeat(99))];
    await writeZip(room.out, copy, room.cached);
    assert.is((await writeZip(room.out, entries, room.cached)).sha256, sha256);
    assert.equal(await Promise.all(blobs.map(async path => (await stat(path)).ino)), times);
    await writeZip(room.out, entries, { ...room.cached, level: 'best' });
    assert.is((await listBlobs(room)).length, 4);
  }));

for (const [name, damage] of [
  ['cut short', async (path: string) => truncate(path, 100)],
  ['empty', async (path: string) => truncate(path, 0)],
  ['longer', async (path: string) => appendFile(path, 'x')],
  ['changed inside', (path: string) => flip(path, -10)],
  ['changed in its header', (path: string) => flip(path, 9)],
] as const) {
  test(`a blob that is ${name} is made anew`, () =>
    withRoom(async room => {
      const large = await diskFile(room.dir, 'in/a', makeText(BLOCK_BYTES + 7, 1));
      const entries = [large, memoryFile('b', 'bbb'.repeat(99))];
      const { sha256 } = await writeZip(room.out, entries, room.cached);
      const blobs = await listBlobs(room);
      const healthy = await Promise.all(blobs.map(path => readFile(path)));
      for (const path of blobs) await damage(path);
      assert.is((await writeZip(room.out, entries, room.cached)).sha256, sha256);
      for (const [index, path] of blobs.entries()) {
        assert.ok((await readFile(path)).equals(healthy[index] ?? Buffer.of()), path);
      }
    }));
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

test('a blob under the name of another content is not taken for it', () =>
  withRoom(async room => {
    const [a, b] = [memoryFile('f', 'a'.repeat(300)), memoryFile('f', 'b'.repeat(300))];
    const { sha256 } = await writeZip(room.out, [a], room.cached);
    const [blobA] = await listBlobs(room);
    await writeZip(room.out, [b], room.cached);
    const blobB = (await listBlobs(room)).find(path => path !== blobA);
    await writeFile(blobA ?? '', await readFile(blobB ?? ''));
    assert.is((await writeZip(room.out, [a], room.cached)).sha256, sha256);
  }));

test('a file that is stored is copied from its source when the cache is warm', () =>
  withRoom(async room => {
    const entries = [
      await diskFile(room.dir, 'in/large', makeBytes(BLOCK_BYTES + 7, 1)),
      await diskFile(room.dir, 'in/small', makeBytes(700, 2)),
      memoryFile('memory', makeBytes(700, 3)),
    ];
    const { sha256 } = await writeZip(room.out, entries, room.cached);
    for (const path of await listBlobs(room)) assert.is((await stat(path)).size, 64);
    assert.is((await writeZip(room.out, entries, room.cached)).sha256, sha256);
  }));

test('a file that has not changed is known without being read', () =>
  withRoom(async room => {
    const { dir, cached } = room;
    const file = join(dir, 'in/a');
    await diskFile(dir, 'in/a', makeText(BLOCK_BYTES + 7, 1));
    const stats = await stat(file, { bigint: true });
    const later = Date.now() + 60_000;
    const index = await loadStatIndex(cached.cacheDir);
    recordSha256(index, file, stats, 'ab'.repeat(32), Date.now());
    assert.is(findSha256(index, file, stats), null, 'it may be written again within one tick');
    recordSha256(index, file, stats, 'ab'.repeat(32), later);
    await saveStatIndex(join(dir, 'cache'), index);
    const loaded = await loadStatIndex(cached.cacheDir);
    assert.is(findSha256(loaded, file, stats), 'ab'.repeat(32));
    assert.is(findSha256(loaded, `${file}2`, stats), null);
    await utimes(file, LONG_AGO, LONG_AGO);
    assert.is(findSha256(loaded, file, await stat(file, { bigint: true })), null);
  }));

test('a damaged index of files is an empty one', () =>
  withRoom(async room => {
    const index = await loadStatIndex(room.cached.cacheDir);
    const stats = await stat(room.dir, { bigint: true });
    recordSha256(index, room.dir, stats, 'ab'.repeat(32), Date.now() + 60_000);
    await saveStatIndex(join(room.dir, 'cache'), index);
    const path = join(room.dir, 'cache', 'stat-index-1.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).replace('abab', 'abac'));
    assert.is((await loadStatIndex(room.cached.cacheDir)).rows.size, 0);
  }));

test('blobs that were not used for long go, then the longest unused ones over the limit', () =>
  withRoom(async room => {
    for (const index of [1, 2, 3])
      await writeZip(room.out, [memoryFile('a', makeText(9000, index))], room.cached);
    const dir = join(room.dir, 'cache', 'blobs');
    const blobs = await listBlobs(room);
    const now = Date.now();
    const [old, , recent] = blobs;
    const before = await diskEntry(recent ?? '', 'x');
    await utimes(old ?? '', LONG_AGO, LONG_AGO);
    for (const [index, path] of blobs.slice(1).entries())
      await utimes(path, now / 1000, now / 1000 - 100 + index);
    await removeOldBlobs(dir, { maxAgeMs: 86_400_000, maxBytes: 1e9, now });
    assert.equal((await listBlobs(room)).toSorted(), blobs.slice(1).toSorted());
    const kept = await removeOldBlobs(dir, { maxAgeMs: 86_400_000, maxBytes: before.bytes, now });
    assert.equal(await listBlobs(room), [recent]);
    assert.is(kept, before.bytes);
  }));

test('the use of a blob is marked', () =>
  withRoom(async room => {
    const entries = [memoryFile('a', makeText(9000, 1))];
    await writeZip(room.out, entries, room.cached);
    const [blob = ''] = await listBlobs(room);
    await utimes(blob, LONG_AGO, LONG_AGO);
    await writeZip(room.out, entries, room.cached);
    assert.ok((await stat(blob)).mtimeMs > LONG_AGO * 1000);
  }));

test.run();
