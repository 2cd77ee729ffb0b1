import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, readlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as yauzl from 'yauzl';
import type { Entry } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { BLOCK_BYTES } from '../../src/zip/compressor.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { rejects } from '../helpers/rejects.ts';
import { diskFile, link, memoryFile, type Room, withRoom } from './fixtures.ts';
import { makeBytes, makeText } from './sample-data.ts';

const ODD_NAMES = [
  "quote's.txt",
  'double"quote.txt',
  'a space.txt',
  'grüße/日本.txt',
  'new\nline.txt',
  '-x',
  '*?.txt',
];

/** One of everything: both methods, modes, a link, odd names, sizes around a block. */
async function makeEntries({ dir }: Room): Promise<readonly Entry[]> {
  return [
    await diskFile(dir, 'in/large.so', makeText(BLOCK_BYTES * 2 + 5, 1), 0o755),
    await diskFile(dir, 'in/random.bin', makeBytes(BLOCK_BYTES + 1, 2)),
    await diskFile(dir, 'in/exact.bin', makeText(BLOCK_BYTES, 3)),
    memoryFile('bin/run', '#!/bin/sh\necho yes\n'.repeat(9), 0o755),
    memoryFile('empty', ''),
    memoryFile('one', 'x'),
    memoryFile('lib/libx.so.1.2', makeText(5000, 4)),
    link('lib/libx.so', 'libx.so.1.2'),
    ...ODD_NAMES.map(name => memoryFile(name, `I am ${name}. `.repeat(20))),
  ];
}

async function contentOf(entry: Entry): Promise<Buffer> {
  if (entry.kind === 'link') return Buffer.from(entry.target);
  return entry.source.kind === 'memory' ? Buffer.from(entry.source.data) : readFile(entry.source.path);
}

test('what is written is told', () =>
  withRoom(async room => {
    const entries = await makeEntries(room);
    const ticks: number[] = [];
    const zip = await writeZip(room.out, entries, { ...room.options, onBytes: bytes => ticks.push(bytes) });
    const bytes = await readFile(room.out);
    assert.is(zip.zippedBytes, bytes.length);
    assert.is(zip.sha256, createHash('sha256').update(bytes).digest('hex'));
    assert.is(zip.codeSha256, createHash('sha256').update(bytes).digest('base64'));
    assert.is(zip.files, entries.length);
    const contents = await Promise.all(entries.map(contentOf));
    assert.is(
      zip.unzippedBytes,
      contents.reduce((sum, { length }) => sum + length, 0),
    );
    assert.equal(
      zip.entries.map(({ path, sha256 }) => `${path} ${sha256}`),
      entries
        .map(
          ({ path }, index) =>
            `${path} ${createHash('sha256')
              .update(contents[index] ?? '')
              .digest('hex')}`,
        )
        .sort(),
    );
    assert.is(
      ticks.reduce((sum, tick) => sum + tick, 0),
      zip.unzippedBytes - 'libx.so.1.2'.length,
    );
    assert.equal(await readdir(join(room.dir, 'work')), []);
    assert.equal(await readdir(join(room.dir, 'out')), ['a.zip']);
  }));

test('yauzl reads it; the headers are plain zip 2.0', () =>
  withRoom(async room => {
    const entries = await makeEntries(room);
    await writeZip(room.out, entries, room.options);
    const zip = await yauzl.openPromise(room.out, { autoClose: false, strictFileNames: true });
    const names: string[] = [];
    for await (const entry of zip.eachEntry()) {
      names.push(entry.fileName);
      const source = entries.find(({ path }) => path === entry.fileName);
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk);
      assert.ok(source && Buffer.concat(chunks).equals(await contentOf(source)), entry.fileName);
      const mode = source.kind === 'link' ? 0o120777 : 0o100000 | source.mode;
      assert.is(entry.externalFileAttributes >>> 16, mode);
      assert.is(entry.versionMadeBy, (3 << 8) | 20);
      assert.is(entry.versionNeededToExtract, 20);
      assert.is(entry.generalPurposeBitFlag, /^gr|\n/.test(entry.fileName) ? 0x800 : 0);
      assert.is(
        entry.compressionMethod,
        ['empty', 'one', 'in/random.bin', 'lib/libx.so'].includes(entry.fileName) ? 0 : 8,
      );
      assert.is(entry.lastModFileDate, 0x21);
      assert.is(entry.lastModFileTime, 0);
      assert.is(entry.extraFieldLength, 0);
      const local = await zip.readLocalFileHeaderPromise(entry);
      assert.is(local.crc32, entry.crc32);
      assert.is(local.compressedSize, entry.compressedSize);
      assert.is(local.uncompressedSize, entry.uncompressedSize);
    }
    zip.close();
    assert.equal(names, entries.map(({ path }) => path as string).sort());
  }));

test('Info-ZIP tests and unpacks it', () =>
  withRoom(async room => {
    const entries = await makeEntries(room);
    await writeZip(room.out, entries, room.options);
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' };
    const { stdout } = await exec('unzip', ['-t', room.out], { cwd: room.dir, env });
    assert.match(stdout, 'No errors detected');
    // -^ keeps the newline in a name
    await exec('unzip', ['-q', '-^', room.out, '-d', 'unpacked'], { cwd: room.dir, env });
    for (const entry of entries) {
      const path = join(room.dir, 'unpacked', entry.path);
      const { mode } = await lstat(path);
      if (entry.kind === 'link') assert.is(await readlink(path), entry.target);
      else {
        assert.is(mode & 0o777, entry.mode, entry.path);
        assert.ok((await readFile(path)).equals(await contentOf(entry)), entry.path);
      }
    }
  }));

const PYTHON = `
import sys, json, hashlib, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps({i.filename: [hashlib.sha256(z.read(i)).hexdigest(), i.external_attr >> 16, i.date_time] for i in z.infolist()}))
`;

test("Python's zipfile reads it", () =>
  withRoom(async room => {
    const entries = await makeEntries(room);
    await writeZip(room.out, entries, room.options);
    const { stdout } = await exec('python3', ['-c', PYTHON, room.out], { cwd: room.dir });
    const seen = JSON.parse(stdout) as Record<string, readonly [string, number, readonly number[]]>;
    assert.is(Object.keys(seen).length, entries.length);
    for (const entry of entries) {
      const sha256 = createHash('sha256')
        .update(await contentOf(entry))
        .digest('hex');
      const mode = entry.kind === 'link' ? 0o120777 : 0o100000 | entry.mode;
      assert.equal(seen[entry.path], [sha256, mode, [1980, 1, 1, 0, 0, 0]], entry.path);
    }
  }));

test('blocks of a file are one deflate stream, whatever the size and the kind of data', () =>
  withRoom(async room => {
    for (const bytes of [
      BLOCK_BYTES - 1,
      BLOCK_BYTES,
      BLOCK_BYTES + 1,
      BLOCK_BYTES * 3,
      BLOCK_BYTES * 3 + 17,
    ]) {
      const half = Buffer.concat([makeText(BLOCK_BYTES, 5), makeBytes(bytes, 6)]).subarray(0, bytes);
      for (const data of [makeText(bytes, 5), new Uint8Array(bytes), half]) {
        const entry = await diskFile(room.dir, 'in/a', data);
        await writeZip(room.out, [entry], room.options);
        const [read] = (await readZipDirectory(room.out)).entries;
        const start = 30 + 'in/a'.length;
        const stream = (await readFile(room.out)).subarray(start, start + (read?.compressedBytes ?? 0));
        if (read?.method === 8) assert.ok(inflateRawSync(stream).equals(data), `${bytes} bytes`);
        else assert.ok(stream.equals(data));
      }
    }
  }));

test('the bytes depend on neither threads, cache, order nor times', () =>
  withRoom(async room => {
    const entries = await makeEntries(room);
    const { sha256 } = await writeZip(room.out, entries, room.options);
    for (const workers of [1, 4]) {
      assert.is((await writeZip(room.out, entries, { ...room.options, workers })).sha256, sha256);
    }
    assert.is((await writeZip(room.out, [...entries].reverse(), room.options)).sha256, sha256);
    assert.is((await writeZip(room.out, entries, room.cached)).sha256, sha256, 'cold cache');
    assert.is((await writeZip(room.out, entries, room.cached)).sha256, sha256, 'warm cache');
    await utimes(join(room.dir, 'in/large.so'), 1e9, 1e9);
    const { sha256: touched } = await writeZip(room.out, await touch(room, entries), room.cached);
    assert.is(touched, sha256, 'touched');
  }));

async function touch({ dir }: Room, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const large = await diskFile(dir, 'in/large.so', makeText(BLOCK_BYTES * 2 + 5, 1), 0o755);
  return entries.map(entry => (entry.path === large.path ? large : entry));
}

const CHILD = `
const [module, input, out, workDir, umask] = process.argv.slice(1);
process.umask(Number(umask));
const { writeZip } = await import(module);
const { statSync } = await import('node:fs');
const { size, mtimeMs } = statSync(input);
const origin = { kind: 'generated', by: 'test' };
const entries = [
  { kind: 'file', path: 'b/ä', source: { kind: 'disk', path: input, mtimeMs }, bytes: size, mode: 0o755, origin },
  { kind: 'link', path: 'a', target: 'b/ä', origin },
];
const zip = await writeZip(out, entries, { level: 'best', cacheDir: null, workDir, signal: new AbortController().signal });
console.log(zip.sha256);
`;

test('time zone, umask and locale do not change the bytes', () =>
  withRoom(async room => {
    const input = join(room.dir, 'input');
    await writeFile(input, makeText(BLOCK_BYTES + 100, 8));
    const module = pathToFileURL(join(import.meta.dirname, '../../src/zip/write-zip.js')).href;
    const hashes = new Set<string>();
    for (const [TZ, LC_ALL, umask] of [
      ['UTC', 'C', '18'],
      ['Pacific/Kiritimati', 'tr_TR.UTF-8', '63'],
    ] as const) {
      const args = ['--input-type=module', '-e', CHILD, module, input, room.out, room.options.workDir, umask];
      const { stdout } = await exec(process.execPath, args, { cwd: room.dir, env: { TZ, LC_ALL } });
      hashes.add(stdout);
    }
    assert.is(hashes.size, 1);
    assert.match([...hashes][0] ?? '', /^[0-9a-f]{64}$/);
  }));

test('an empty zip is a zip', () =>
  withRoom(async room => {
    assert.is((await writeZip(room.out, [], room.options)).files, 0);
    assert.equal((await readZipDirectory(room.out)).entries, []);
  }));

test('entries that a plain zip cannot hold are refused', () =>
  withRoom(async room => {
    const write = (entries: readonly Entry[]) => writeZip(room.out, entries, room.options);
    await rejects(write([memoryFile('a', '1'), memoryFile('a', '2')]), 'DUPLICATE_PATH');
    await rejects(write([memoryFile('a', '1'), memoryFile('a/b', '2')]), 'ARTIFACT_PATH');
    await rejects(write([memoryFile('x'.repeat(65_536), '')]), 'ARTIFACT_PATH');
    await rejects(write([memoryFile('../a', '')]), 'ARTIFACT_PATH');
    await rejects(write([memoryFile('half \ud800', '')]), 'ARTIFACT_PATH');
    await rejects(write([link('a', '../b')]), 'ARTIFACT_PATH');
    await rejects(write([link('a', 'b'), link('b', 'a')]), 'ARTIFACT_PATH');
    await rejects(write([{ ...memoryFile('a', ''), bytes: 2 ** 32 }]), 'ZIP_TOO_LARGE');
    const many = Array.from({ length: 65_535 }, (_, index) => memoryFile(`f${index}`, ''));
    await rejects(write(many), 'ZIP_TOO_LARGE');
    assert.equal(await readdir(room.dir), ['work']);
  }));

test('the longest name and the most entries are written', () =>
  withRoom(async room => {
    const long = 'x'.repeat(65_535);
    const entries = [
      memoryFile(long, 'y'),
      ...Array.from({ length: 65_533 }, (_, i) => memoryFile(`f${i}`, '')),
    ];
    await writeZip(room.out, entries, room.options);
    const directory = await readZipDirectory(room.out);
    assert.is(directory.entries.length, 65_534);
    assert.is(directory.entries.at(-1)?.path, long);
    await exec('python3', ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).testzip()', room.out], {
      cwd: room.dir,
    });
  }));

test('the folder of the zip is made', () =>
  withRoom(async room => {
    await mkdir(join(room.dir, 'out'));
    await writeFile(room.out, 'old');
    await writeZip(room.out, [memoryFile('a', 'new')], room.options);
    assert.is((await readZipDirectory(room.out)).entries.length, 1);
  }));

test.run();
