import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readZipDirectory, type ZipEntry } from '../../src/zip/read-zip.ts';
import { END_BYTES, type RepackedZip, repackZip, zippedBytesOf } from '../../src/zip/repack-zip.ts';
import { unpackZip } from '../../src/zip/unpack-zip.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { rejects } from '../helpers/rejects.ts';
import { link, memoryFile, type Room, withRoom } from './fixtures.ts';

const never = new AbortController().signal;

const ENTRIES = [
  memoryFile('bin/run', 'x'.repeat(500), 0o755),
  memoryFile('grüße.txt', 'y'),
  memoryFile('large', Buffer.alloc(3_000_000, 'many bytes ')),
  link('bin/link', '../large'),
];

/** Repacks entries of the zip at `source` under other paths. */
async function repack(
  { dir }: Room,
  source: string,
  rename: (path: string) => string | null = path => path,
): Promise<RepackedZip & { readonly path: string }> {
  const { entries } = await readZipDirectory(source);
  const picks = entries.flatMap(entry => {
    const path = rename(entry.path);
    return path === null ? [] : [{ entry, path }];
  });
  const path = join(dir, 'repacked', 'b.zip');
  const written = await repackZip(source, path, picks, never);
  const bytes = picks.reduce((sum, pick) => sum + zippedBytesOf(pick), END_BYTES);
  assert.is(written.zippedBytes, bytes, 'the size is known before');
  return { ...written, path };
}

/** Writes a zip whose directory says something else of its entries than is true. */
async function withLies(
  room: Room,
  lie: (bytes: Buffer, entries: readonly ZipEntry[]) => Buffer,
): Promise<string> {
  await writeZip(room.out, ENTRIES, room.options);
  const { entries } = await readZipDirectory(room.out);
  const path = join(room.dir, 'lying.zip');
  await writeFile(path, lie(await readFile(room.out), entries));
  return path;
}

const centralHeaderOf = (bytes: Buffer): number => bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'));

test('contents, modes and links are those of the source; digests and sizes those of the zip', () =>
  withRoom(async room => {
    await writeZip(room.out, ENTRIES, room.options);
    const { path, sha256, codeSha256, zippedBytes, unzippedBytes } = await repack(
      room,
      room.out,
      old => `a/${old}`,
    );
    const bytes = await readFile(path);
    const digest = createHash('sha256').update(bytes).digest();
    assert.equal([sha256, codeSha256], [digest.toString('hex'), digest.toString('base64')]);
    assert.is(zippedBytes, bytes.length);
    const into = join(room.dir, 'into');
    const unpacked = await unpackZip(path, into, { maxBytes: 1e8, signal: never });
    assert.is(unzippedBytes, unpacked);
    assert.is(await readFile(join(into, 'a/bin/run'), 'utf8'), 'x'.repeat(500));
    assert.is((await stat(join(into, 'a/bin/run'))).mode & 0o777, 0o755);
    assert.is((await stat(join(into, 'a/grüße.txt'))).mode & 0o777, 0o644);
    assert.is(await readlink(join(into, 'a/bin/link')), '../large');
    assert.is((await readFile(join(into, 'a/bin/link'))).length, 3_000_000);
  }));

test('only what is picked is in it, compressed as it was, and readable by Lambda', () =>
  withRoom(async room => {
    await writeZip(room.out, ENTRIES, room.options);
    const before = await readZipDirectory(room.out);
    const { path } = await repack(room, room.out, old => (old.startsWith('bin/') ? null : old));
    const after = await readZipDirectory(path);
    assert.equal(
      after.entries.map(entry => entry.path),
      ['grüße.txt', 'large'],
    );
    for (const entry of after.entries) {
      const { localHeaderOffset: _, ...facts } = before.entries.find(one => one.path === entry.path) ?? entry;
      assert.equal({ ...entry, localHeaderOffset: 0 }, { ...facts, localHeaderOffset: 0 });
      assert.ok((entry.versionMadeBy & 0xff) < 45, 'not of ZIP64');
    }
  }));

test('the same picks give the same bytes', () =>
  withRoom(async room => {
    await writeZip(room.out, ENTRIES, room.options);
    const first = await repack(room, room.out);
    assert.is((await repack(room, room.out)).sha256, first.sha256);
  }));

test('an entry of another tool, with an extra field and without a mode', () =>
  withRoom(async room => {
    const path = join(room.dir, 'other.zip');
    await writeFile(path, withExtraField('hello', 'dir/a.txt'));
    const repacked = await repack(room, path);
    const into = join(room.dir, 'into');
    await unpackZip(repacked.path, into, { maxBytes: 100, signal: never });
    assert.is(await readFile(join(into, 'dir/a.txt'), 'utf8'), 'hello');
    assert.is((await stat(join(into, 'dir/a.txt'))).mode & 0o777, 0o644);
  }));

test('a damaged source is refused, and nothing is left', () =>
  withRoom(async room => {
    const damages: Readonly<Record<string, (bytes: Buffer, entries: readonly ZipEntry[]) => Buffer>> = {
      'bin/link: it has no local header': bytes => bytes.fill(0, 0, 4),
      'bin/link: it is encrypted': bytes => {
        const at = centralHeaderOf(bytes) + 8;
        bytes.writeUInt16LE(bytes.readUInt16LE(at) | 1, at);
        return bytes;
      },
      'bin/link: its compression method is 9': bytes => {
        bytes.writeUInt16LE(9, centralHeaderOf(bytes) + 10);
        return bytes;
      },
      'bin/link: it is cut short': bytes => {
        bytes.writeUInt32LE(2 ** 31, centralHeaderOf(bytes) + 20);
        return bytes;
      },
    };
    for (const [reason, damage] of Object.entries(damages)) {
      const path = await withLies(room, damage);
      const error = await rejects(repack(room, path), 'NOT_A_ZIP');
      assert.match(error.message, reason);
      assert.equal(await readdir(join(room.dir, 'repacked')), []);
    }
  }));

test('what needs ZIP64 is refused', () =>
  withRoom(async room => {
    await writeZip(room.out, ENTRIES, room.options);
    const { entries } = await readZipDirectory(room.out);
    const [entry] = entries;
    assert.ok(entry);
    const path = join(room.dir, 'b.zip');
    const many = Array.from({ length: 65_535 }, (_, index) => ({ entry, path: String(index) }));
    await rejects(repackZip(room.out, path, many, never), 'ZIP_TOO_LARGE');
    const huge = { entry: { ...entry, bytes: 2 ** 32 }, path: 'a' };
    await rejects(repackZip(room.out, path, [huge], never), 'ZIP_TOO_LARGE');
  }));

test('it stops when it is cancelled', () =>
  withRoom(async room => {
    await writeZip(room.out, ENTRIES, room.options);
    const { entries } = await readZipDirectory(room.out);
    const picks = entries.map(entry => ({ entry, path: entry.path }));
    const path = join(room.dir, 'repacked', 'b.zip');
    await rejects(repackZip(room.out, path, picks, AbortSignal.abort()), 'CANCELLED');
    assert.equal(await readdir(dirname(path)), []);
  }));

/** One stored file, made on a system without modes; its local header has an extra field that the directory has not. */
function withExtraField(text: string, path: string): Buffer {
  const data = Buffer.from(text);
  const name = Buffer.from(path.replaceAll('/', '\\'));
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt32LE(0x3610a686, 10);
  facts.writeUInt32LE(data.length, 14);
  facts.writeUInt32LE(data.length, 18);
  facts.writeUInt16LE(name.length, 22);
  const central = Buffer.concat([facts, Buffer.alloc(14), name]);
  const extra = Buffer.from([0xfe, 0xca, 2, 0, 1, 2]);
  facts.writeUInt16LE(extra.length, 24);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, name, extra, data]);
  const directory = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), central]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

test.run();
