import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readNativeFile } from '../../src/elf/read-native-file.ts';
import {
  imaginarySource,
  patch,
  placeInHeader,
  readBytes,
  readElfFacts,
  readElfFixture,
} from '../helpers/elf-fixtures.ts';

const TINY = 'libtiny.so.1';
const MIB = 1 << 20;

test('a library cut off anywhere is told as broken or damaged', () => {
  const whole = readElfFixture(TINY);
  // The end of the last segment; what follows is symbols and section headers, which the dynamic linker does not read.
  const loadedBytes = 0xd84 + 0x2a4;
  for (let length = 4; length < whole.length; length++) {
    const file = readBytes(whole.subarray(0, length));
    if (file.format === 'elf') {
      assert.is(file.facts.damage.length > 0, length < loadedBytes, `${length} bytes: ${file.facts.damage}`);
    } else assert.is(file.format, 'broken', `${length} bytes`);
  }
});

test('broken files say where they break', () => {
  const reason = (change: (bytes: Buffer) => void): string => {
    const bytes = readElfFixture(TINY);
    change(bytes);
    const file = readBytes(bytes);
    return file.format === 'broken' ? file.reason : file.format;
  };
  assert.is(
    reason(bytes => bytes.writeUInt8(3, 4)),
    'its class is 3, neither 32 nor 64 bits',
  );
  assert.is(
    reason(bytes => bytes.writeUInt8(0, 5)),
    'its byte order is 0, neither little nor big endian',
  );
  assert.match(
    reason(bytes => patch(bytes, 32, 7700)),
    /^its program headers end at 8148, past its end at 7704$/,
  );
  assert.match(
    reason(bytes => bytes.writeUInt16LE(1, 54)),
    /program headers are 1 bytes each/,
  );
});

test('a section table past the end is no damage, as nothing loads it', () => {
  const bytes = readElfFixture(TINY);
  const before = readElfFacts(bytes);
  assert.equal(readElfFacts(patch(bytes, 40, 2 ** 40)), before);
});

test('version tables that lead nowhere, or to themselves, end', () => {
  const bytes = readElfFixture(TINY);
  // vn_cnt, vn_file, vn_aux, vn_next of the first need
  for (const value of [0xffffffff, 1, 0x10]) {
    for (const at of [0x578 + 8, 0x578 + 12]) bytes.writeUInt32LE(value, at);
    assert.ok(readElfFacts(bytes).versionNeeds.length < 100);
  }
});

/** libtiny.so.1 grown to a tebibyte, all of it in its first segment, and a table moved to where it grew. */
function imagine(
  changes: readonly (readonly [tag: number, value: number])[],
  fill: (bytes: Uint8Array, offset: number) => void,
): ReturnType<typeof imaginarySource> {
  const start = readElfFixture(TINY);
  const size = 2 ** 40;
  // The second segment goes, so that the first one may cover all.
  start.writeUInt32LE(0, placeInHeader(1, 'type'));
  for (const field of ['filesz', 'memsz'] as const) patch(start, placeInHeader(0, field), size);
  patch(start, placeInHeader(2, 'vaddr'), 0xd98);
  patch(start, 40, 0);
  for (let at = 0xd98; at < 0xd98 + 0x220; at += 16) {
    const change = changes.find(([tag]) => start.readBigUInt64LE(at) === BigInt(tag));
    if (change) patch(start, at + 8, change[1]);
  }
  return imaginarySource(size, start, fill);
}

const letters = (bytes: Uint8Array): void => void bytes.fill(0x61);
const BEYOND = 1 << 20;

const COSTLY: readonly (readonly [
  what: string,
  changes: readonly (readonly [number, number])[],
  fill: (bytes: Uint8Array, offset: number) => void,
])[] = [
  [
    'strings without an end',
    [
      [5, BEYOND],
      [10, 2 ** 39],
    ],
    letters,
  ],
  [
    'a symbol table of letters',
    [
      [6, BEYOND],
      [0x6ffffef5, 2 * BEYOND],
    ],
    letters,
  ],
  ['a hash table that claims 2^32 buckets', [[0x6ffffef5, BEYOND]], bytes => void bytes.fill(0xff)],
  ['version needs of letters', [[0x6ffffffe, BEYOND]], letters],
  ['constants that are one endless file name', [], bytes => void Buffer.from(bytes.buffer).fill('.so')],
];

for (const [what, changes, fill] of COSTLY) {
  test(`a file of 2^40 bytes is read in parts: ${what}`, () => {
    const source = imagine(changes, fill);
    const file = readNativeFile(source);
    assert.is(file.format, 'elf');
    assert.ok(source.largestRead() <= 16 * MIB, `${source.largestRead()} bytes at once`);
    assert.ok(source.bytesRead() <= 3000 * MIB, `${source.bytesRead()} bytes in all`);
  });
}

test('the most program headers that a header can name are read in time that grows with them', () => {
  const count = 0xfffe;
  const start = readElfFixture(TINY);
  const bytes = Buffer.concat([start, Buffer.alloc(56 * count)]);
  for (let index = 0; index < count; index++) {
    start.copy(bytes, start.length + 56 * index, 64 + 56 * (index % 8), 64 + 56 * (index % 8) + 56);
  }
  patch(bytes, 32, start.length);
  bytes.writeUInt16LE(count, 56);
  assert.is(readElfFacts(bytes).damage.length, 10);
});

test('at most a hundred names of libraries are told', () => {
  const start = readElfFixture(TINY);
  const names = Array.from({ length: 500 }, (_, index) => `lib${index}.so.1\0`).join('');
  const bytes = Buffer.concat([start, Buffer.from(`\0${names}`)]);
  // Without sections the read-only segments are searched; RELRO's header becomes one that covers the names.
  patch(bytes, 40, 0);
  bytes.writeUInt32LE(1, placeInHeader(7, 'type'));
  patch(bytes, placeInHeader(7, 'offset'), start.length);
  patch(bytes, placeInHeader(7, 'filesz'), bytes.length - start.length);
  assert.is(readElfFacts(bytes).dlopens.length, 100);
});

test.run();
