import { readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { unpackZip } from '../../src/zip/unpack-zip.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { centralHeader, endRecord, localHeader, type ZipRecord } from '../../src/zip/zip-format.ts';
import { rejects } from '../helpers/rejects.ts';
import { link, memoryFile, type Room, withRoom } from './fixtures.ts';

const never = new AbortController().signal;
const FILE = 0o100644;
const LINK = 0o120777;

/** An entry as a hostile zip may have it; what is not given is true. */
interface Hostile extends Partial<Omit<ZipRecord, 'name' | 'offset'>> {
  readonly name: string;
  readonly data?: string | Buffer;
}

function makeZip(entries: readonly Hostile[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  for (const { name, data = '', ...lies } of entries) {
    const raw = Buffer.from(data);
    const body = lies.method === 8 ? deflateRawSync(raw) : raw;
    const record: ZipRecord = {
      name: Buffer.from(name),
      method: 0,
      crc32: crc32(raw),
      bytes: raw.length,
      compressedBytes: body.length,
      unixMode: FILE,
      offset: Buffer.concat(parts).length,
      ...lies,
    };
    parts.push(localHeader(record), body);
    central.push(centralHeader(record));
  }
  const body = Buffer.concat(parts);
  const directory = Buffer.concat(central);
  return Buffer.concat([body, directory, endRecord(entries.length, body.length, directory.length)]);
}

async function unpack({ dir }: Room, entries: readonly Hostile[] | Buffer, maxBytes = 1e6): Promise<number> {
  const zip = join(dir, 'hostile.zip');
  await writeFile(zip, Buffer.isBuffer(entries) ? entries : makeZip(entries));
  return unpackZip(zip, join(dir, 'into'), { maxBytes, signal: never });
}

test('what was written is read and unpacked', () =>
  withRoom(async room => {
    const entries = [
      memoryFile('a/run', 'x'.repeat(500), 0o755),
      memoryFile('grüße\n', 'y'),
      link('b', 'a/run'),
    ];
    await writeZip(room.out, entries, room.options);
    const directory = await readZipDirectory(room.out);
    assert.is(directory.zippedBytes, (await stat(room.out)).size);
    assert.equal(directory.duplicates, []);
    assert.equal(directory.escaping, []);
    assert.equal(
      directory.entries.map(({ path, kind, mode, bytes, method, refused }) => [
        path,
        kind,
        mode,
        bytes,
        method,
        refused,
      ]),
      [
        ['a/run', 'file', 0o100755, 500, 8, null],
        ['b', 'link', LINK, 5, 0, null],
        ['grüße\n', 'file', FILE, 1, 0, null],
      ],
    );
    const into = join(room.dir, 'into');
    assert.is(await unpackZip(room.out, into, { maxBytes: 506, signal: never }), 506);
    assert.is(await readFile(join(into, 'b'), 'utf8'), 'x'.repeat(500));
    assert.is(await readlink(join(into, 'b')), 'a/run');
    assert.is((await stat(join(into, 'a/run'))).mode & 0o777, 0o755);
    assert.is((await stat(join(into, 'grüße\n'))).mode & 0o777, 0o644);
    await rejects(unpackZip(room.out, into, { maxBytes: 506, signal: never }), 'OUTPUT_UNWRITABLE');
    const other = join(room.dir, 'other');
    await rejects(unpackZip(room.out, other, { maxBytes: 1e6, signal: AbortSignal.abort() }), 'CANCELLED');
  }));

test('folders of other tools are made', () =>
  withRoom(async room => {
    await unpack(room, [
      { name: 'd/e/', unixMode: 0o040755 },
      { name: 'd/e/f', data: 'x' },
      { name: 'g/', unixMode: 0 },
    ]);
    assert.equal((await readdir(join(room.dir, 'into'), { recursive: true })).toSorted(), [
      'd',
      'd/e',
      'd/e/f',
      'g',
    ]);
  }));

test('what only its owner may read is told, and stays so where that is asked for', () =>
  withRoom(async room => {
    const zip = join(room.dir, 'hostile.zip');
    const modes = { 'd/': 0o040700, 'd/f': 0o100644, a: 0o100600, run: 0o100711, none: 0 };
    const entries = Object.entries(modes).map(([name, unixMode]) => ({ name, unixMode }));
    await writeFile(zip, makeZip(entries));
    for (const [into, keepClosed, expected] of [
      ['open', false, [0o755, 0o644, 0o644, 0o755, 0o644]],
      ['kept', true, [0o700, 0o644, 0o600, 0o700, 0o644]],
    ] as const) {
      const closed: string[] = [];
      const onClosed = (path: string): void => void closed.push(path);
      await unpackZip(zip, join(room.dir, into), { maxBytes: 9, signal: never, keepClosed, onClosed });
      const found = await Promise.all(entries.map(({ name }) => stat(join(room.dir, into, name))));
      assert.equal(
        found.map(({ mode }) => mode & 0o777),
        expected,
      );
      assert.equal(closed, ['d/', 'a', 'run']);
    }
  }));

test('a name that is too long for a file is told, and it is that of the zip', () =>
  withRoom(async room => {
    const error = await rejects(unpack(room, [{ name: `a/${'x'.repeat(300)}` }]), 'ZIP_UNSAFE');
    assert.match(
      error.message,
      /hostile\.zip was not unpacked: its entry "a\/x{78}…" has a name that is too long/,
    );
  }));

test('what is no zip is NOT_A_ZIP', () =>
  withRoom(async room => {
    const good = makeZip([{ name: 'a', data: 'x' }]);
    const path = join(room.dir, 'no.zip');
    const noDirectory = Buffer.from(good);
    noDirectory.writeUInt32LE(3, noDirectory.length - 6);
    for (const bytes of [
      Buffer.of(),
      Buffer.from('no zip'),
      good.subarray(0, -1),
      good.subarray(10),
      noDirectory,
    ]) {
      await writeFile(path, bytes);
      await rejects(readZipDirectory(path), 'NOT_A_ZIP');
      await rejects(unpackZip(path, join(room.dir, 'into'), { maxBytes: 9, signal: never }), 'NOT_A_ZIP');
    }
    await rejects(readZipDirectory(join(room.dir, 'absent.zip')), 'NOT_A_ZIP');
    await rejects(readZipDirectory(room.dir), 'NOT_A_ZIP');
  }));

test('a directory that claims millions of entries is not read', () =>
  withRoom(async room => {
    // 56 bytes of ZIP64 end record, 20 of its locator, and the plain end record
    const end = Buffer.alloc(76);
    end.writeUInt32LE(0x06064b50, 0);
    end.writeBigUInt64LE(4_000_000_000n, 32);
    end.writeUInt32LE(0x07064b50, 56);
    const path = join(room.dir, 'many.zip');
    await writeFile(path, Buffer.concat([end, endRecord(0xffff, 0xffffffff, 0)]));
    const error = await rejects(readZipDirectory(path), 'NOT_A_ZIP');
    assert.match(error.message, '4000000000 entries');
  }));

test('names that escape or are there twice are told, and not unpacked', () =>
  withRoom(async room => {
    const bad = ['../a', '/a', 'a/../../b', 'C:/a', 'a//b', '..\\c', 'a\0b', './a'];
    const path = join(room.dir, 'bad.zip');
    await writeFile(path, makeZip([...bad, 'ok', 'ok', 'ok'].map(name => ({ name }))));
    const directory = await readZipDirectory(path);
    assert.is(directory.escaping.length, bad.length);
    assert.equal(directory.duplicates, ['ok']);
    for (const name of bad) await rejects(unpack(room, [{ name: 'fine' }, { name }]), 'ZIP_UNSAFE');
    await rejects(unpack(room, [{ name: 'ok' }, { name: 'ok' }]), 'ZIP_UNSAFE');
    await rejects(unpack(room, [{ name: 'ok' }, { name: 'ok/a' }]), 'ZIP_UNSAFE');
    await rejects(unpack(room, [{ name: 'ok/' }, { name: 'ok' }]), 'ZIP_UNSAFE');
    assert.equal((await readdir(room.dir)).toSorted(), ['bad.zip', 'hostile.zip', 'work']);
  }));

test('links that lead outside, straight or through others, are not made', () =>
  withRoom(async room => {
    const cases: readonly (readonly Hostile[])[] = [
      [{ name: 'l', data: '../x', unixMode: LINK }],
      [{ name: 'l', data: '/etc/passwd', unixMode: LINK }],
      [{ name: 'l', data: '', unixMode: LINK }],
      [{ name: 'l', data: 'l', unixMode: LINK }],
      [{ name: 'l', data: 'y'.repeat(5000), unixMode: LINK }],
      [
        { name: 'd/e/up', data: '../..', unixMode: LINK },
        { name: 'l', data: 'd/e/up/../x', unixMode: LINK },
      ],
      [
        { name: 'l', data: '.', unixMode: LINK },
        { name: 'l/x', data: 'written through a link' },
      ],
    ];
    for (const [index, entries] of cases.entries()) {
      await writeFile(join(room.dir, 'l.zip'), makeZip(entries));
      const into = join(room.dir, `into${index}`);
      await rejects(unpackZip(join(room.dir, 'l.zip'), into, { maxBytes: 1e6, signal: never }), 'ZIP_UNSAFE');
      const names = await readdir(into, { recursive: true }).catch(() => []);
      assert.not.ok(
        names.some(name => /(^|\/)(l|up)$/.test(name)),
        `case ${index}`,
      );
    }
  }));

test('a bomb stops at the limit, also when it lies about its size', () =>
  withRoom(async room => {
    const zeros = Buffer.alloc(50_000_000);
    await rejects(unpack(room, [{ name: 'a', data: zeros, method: 8 }]), 'ZIP_BOMB');
    await rejects(unpack(room, [{ name: 'a', data: zeros, method: 8, bytes: 10 }], 1000), 'ZIP_BOMB');
    assert.ok((await stat(join(room.dir, 'into/a'))).size <= 10);
  }));

test('bytes that are not the right ones are refused', () =>
  withRoom(async room => {
    const text = 'abc'.repeat(100);
    const cases: readonly Hostile[] = [
      { name: 'a', data: text, crc32: 1 },
      { name: 'b', data: text, method: 8, bytes: 301 },
      { name: 'c', data: text, compressedBytes: 5000 },
      { name: 'd', data: text, method: 8, compressedBytes: 5 },
      { name: 'e', data: text, method: 12 as 8 },
      { name: 'f', data: text, unixMode: 0o010644 },
    ];
    for (const entry of cases) {
      await writeFile(join(room.dir, 'x.zip'), makeZip([entry]));
      const into = join(room.dir, entry.name);
      await rejects(unpackZip(join(room.dir, 'x.zip'), into, { maxBytes: 1e6, signal: never }), 'ZIP_UNSAFE');
    }
    const encrypted = makeZip([{ name: 'a', data: text }]);
    encrypted.writeUInt16LE(1, encrypted.indexOf('PK\x01\x02') + 8);
    await rejects(unpack(room, encrypted), 'ZIP_UNSAFE');
    const path = join(room.dir, 'hostile.zip');
    assert.ok((await readZipDirectory(path)).entries[0]?.isEncrypted);
  }));

test.run();
