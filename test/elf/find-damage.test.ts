import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { patch, placeInHeader, readElfFacts, readElfFixture } from '../helpers/elf-fixtures.ts';

/** In libtiny.so.1 program headers 0 and 1 are loaded, 2 is the dynamic section, 4 thread-local data, 5 for exceptions, 7 RELRO. */
const TINY = 'libtiny.so.1';
const DYNAMIC_AT = 0xd98;

/** Where the value of the dynamic entry with a tag lies in libtiny.so.1. */
function placeOfTag(bytes: Buffer, tag: number): number {
  for (let at = DYNAMIC_AT; at < DYNAMIC_AT + 0x220; at += 16) {
    if (bytes.readBigUInt64LE(at) === BigInt(tag)) return at + 8;
  }
  throw new Error(`no tag ${tag}`);
}

test('a library that patchelf changed three times is sound, until GNU strip ruins it', () => {
  assert.equal(readElfFacts(readElfFixture('libpatched.so')).damage, []);
  assert.equal(readElfFacts(readElfFixture('libpatched-gnu.so')).damage, [
    'the segment at 0x4000 has its address and offset not page-aligned',
  ]);
});

const SEGMENT_DAMAGE: readonly (readonly [
  what: string,
  index: number,
  field: 'type' | 'offset' | 'vaddr' | 'filesz' | 'memsz' | 'align',
  value: number,
  damage: RegExp,
])[] = [
  [
    'a segment past the end',
    1,
    'filesz',
    0x2000,
    /^the segment at 0x1d84 ends at 11652, past the end of the file at 7704$/,
  ],
  ['a segment of 2^40 bytes', 1, 'filesz', 2 ** 40, /past the end of the file/],
  ['memory of 2^50 bytes', 1, 'memsz', 2 ** 50, /bytes of memory/],
  ['more bytes in the file than in memory', 1, 'memsz', 16, /takes 676 bytes of the file for 16 bytes/],
  ['an offset that is not congruent', 1, 'offset', 0xd80, /not page-aligned/],
  ['an offset congruent to a page but not the alignment', 1, 'align', 0x4000, /not aligned to 16384/],
  ['an alignment below a page', 1, 'align', 16, /has an alignment of 16/],
  ['an alignment that is no power of two', 1, 'align', 0x3000, /has an alignment of 12288/],
  ['overlapping segments', 0, 'memsz', 0x1e00, /^the segment at 0x1d84 overlaps the one before$/],
  ['segments out of order', 0, 'vaddr', 0x4000, /comes after one of a higher address/],
  ['a dynamic section that is not loaded', 2, 'vaddr', 0x9000, /^its dynamic section is not loaded$/],
  [
    'another dynamic section in memory than in the file',
    2,
    'vaddr',
    0x1d88,
    /^its dynamic section is loaded from elsewhere/,
  ],
  ['thread-local data that is not loaded', 4, 'vaddr', 0xa14, /^its thread-local data is not loaded$/],
  [
    'a table for exceptions that is not loaded',
    5,
    'vaddr',
    0x9000,
    /^its table for exceptions is not loaded$/,
  ],
  [
    'a RELRO past the last segment',
    7,
    'memsz',
    0x4000,
    /^what it makes read-only after loading is not loaded$/,
  ],
];

for (const [what, index, field, value, damage] of SEGMENT_DAMAGE) {
  test(what, () => {
    const bytes = patch(readElfFixture(TINY), placeInHeader(index, field), value);
    assert.match(
      readElfFacts(bytes)
        .damage.join('\n')
        .split('\n')
        .find(line => damage.test(line)) ?? '',
      damage,
    );
  });
}

test('no segments to load, no dynamic section', () => {
  const unloaded = readElfFixture(TINY);
  for (const index of [0, 1]) unloaded.writeUInt32LE(0, placeInHeader(index, 'type'));
  assert.is(readElfFacts(unloaded).damage[0], 'it has no loadable segments');
  const undynamic = readElfFixture(TINY);
  undynamic.writeUInt32LE(0, placeInHeader(2, 'type'));
  assert.equal(readElfFacts(undynamic).damage, ['it has no dynamic section']);
});

test('a program without a dynamic section is a static one, not a damaged one', () => {
  const bytes = readElfFixture('program');
  const count = bytes.readUInt16LE(56);
  for (let index = 0; index < count; index++) {
    const type = bytes.readUInt32LE(placeInHeader(index, 'type'));
    if (type === 2 || type === 3) bytes.writeUInt32LE(0, placeInHeader(index, 'type'));
  }
  const { kind, damage } = readElfFacts(bytes);
  assert.is(kind, 'executable');
  assert.equal(damage, []);
});

const TABLES: readonly (readonly [what: string, tag: number, value: number, damage: string])[] = [
  ['strings that are not loaded', 5, 0x900000, 'its table of strings is not loaded'],
  ['strings past what is loaded', 10, 0x900000, 'its table of strings ends past what is loaded'],
  ['symbols that are not loaded', 6, 0xb00, 'its table of symbols is not loaded'],
  ['symbols past what is loaded', 6, 0xa10, 'its table of symbols ends past what is loaded'],
  ['relocations past what is loaded', 8, 0x1000, 'its table of relocations ends past what is loaded'],
  ['calls past what is loaded', 2, 0x1000, 'its table of calls to other libraries ends past what is loaded'],
  ['a hash table that is not loaded', 0x6ffffef5, 0xb00, 'its hash table is not loaded'],
  ['needed versions that are not loaded', 0x6ffffffe, 0xb00, 'its table of needed versions is not loaded'],
  ['defined versions that are not loaded', 0x6ffffffc, 0xb00, 'its table of defined versions is not loaded'],
  ['symbol versions that are not loaded', 0x6ffffff0, 0xb00, 'its table of symbol versions is not loaded'],
  ['initializers that are not loaded', 25, 0xb00, 'its list of initializers is not loaded'],
  ['finalizers past what is loaded', 28, 0x1000, 'its list of finalizers ends past what is loaded'],
  ['a needed name past the strings', 1, 294, 'the name of a needed library is not in its table of strings'],
  ['its own name past the strings', 14, 294, 'its own name is not in its table of strings'],
  ['a search path past the strings', 29, 2 ** 40, 'its search path is not in its table of strings'],
];

for (const [what, tag, value, damage] of TABLES) {
  test(what, () => {
    const bytes = readElfFixture(TINY);
    patch(bytes, placeOfTag(bytes, tag), value);
    assert.ok(readElfFacts(bytes).damage.includes(damage), readElfFacts(bytes).damage.join('\n'));
  });
}

test('pages of zeros that nothing refers to are holes', () => {
  const bytes = readElfFixture(TINY);
  const grown = Buffer.concat([bytes, Buffer.alloc(3 * 4096), Buffer.from('end')]);
  assert.is(readElfFacts(grown).holes, 0, 'what lies behind everything is no hole between segments');
  // The section headers move behind the zeros.
  const sectionsAt = Number(bytes.readBigUInt64LE(40));
  const moved = Buffer.concat([bytes, Buffer.alloc(3 * 4096), bytes.subarray(sectionsAt)]);
  patch(moved, 40, bytes.length + 3 * 4096);
  // 7704 is in the second page; the zeros go on to 19992, in the fifth.
  assert.is(readElfFacts(moved).holes, 2 * 4096);
  moved[8192] = 1;
  assert.is(readElfFacts(moved).holes, 4096);
});

test.run();
