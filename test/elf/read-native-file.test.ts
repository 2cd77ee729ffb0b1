import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isLibraryName } from '../../src/elf/is-library-name.ts';
import { readBytes, readElfFacts, readElfFixture } from '../helpers/elf-fixtures.ts';

const BUILD_ID = '0123456789abcdef0123456789abcdef01234567';

// What `readelf -hldVW` and `readelf --dyn-syms` of binutils 2.40 print of the same files.
test('the facts of a library are those that readelf shows', () => {
  assert.equal(readElfFacts(readElfFixture('libtiny.so.1')), {
    machine: 'x86_64',
    bits: 64,
    kind: 'shared',
    interpreter: null,
    soname: 'libtiny.so.1',
    needed: ['libm.so.6', 'libc.so.6', 'ld-linux-x86-64.so.2'],
    rpath: [],
    runpath: ['$ORIGIN/../lib', '/opt/lib'],
    versionNeeds: [
      { library: 'libm.so.6', versions: ['GLIBC_2.2.5'] },
      { library: 'ld-linux-x86-64.so.2', versions: ['GLIBC_2.3'] },
      { library: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5'] },
    ],
    versionDefinitions: ['TINY_1.0', 'TINY_1.1'],
    imports: [
      '_ITM_deregisterTMCloneTable',
      '_ITM_registerTMCloneTable',
      '__cxa_finalize',
      '__gmon_start__',
      '__tls_get_addr',
      'dlopen',
      'sqrt',
      'strlen',
    ],
    nodeAbis: [],
    dlopens: ['libtiny-plugin.so.3'],
    buildId: BUILD_ID,
    damage: [],
    holes: 0,
  });
});

test('an aarch64 library', () => {
  const facts = readElfFacts(readElfFixture('libtiny-aarch64.so'));
  assert.is(facts.machine, 'aarch64');
  assert.equal(facts.needed, ['libm.so.6', 'libc.so.6']);
  assert.equal(facts.versionNeeds, [
    { library: 'libm.so.6', versions: ['GLIBC_2.17'] },
    { library: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.17'] },
  ]);
  assert.ok(facts.imports.includes('sqrt') && !facts.imports.includes('tiny_root'));
  assert.equal(facts.dlopens, ['libtiny-plugin.so.3']);
  assert.equal(facts.damage, []);
});

test('a 32-bit library with only the old hash table', () => {
  const facts = readElfFacts(readElfFixture('libbare-i386.so'));
  assert.is(facts.machine, 'i386');
  assert.is(facts.bits, 32);
  assert.equal(facts.imports, ['elsewhere']);
  assert.is(facts.buildId, BUILD_ID);
  assert.equal(facts.damage, []);
});

test('RPATH, no build id, no libraries', () => {
  const facts = readElfFacts(readElfFixture('librpath.so'));
  assert.equal(facts.rpath, ['$ORIGIN', '/opt/old']);
  assert.equal(facts.runpath, []);
  assert.equal(facts.needed, []);
  assert.is(facts.buildId, null);
});

test('a position-independent executable is no library, and names its interpreter', () => {
  const facts = readElfFacts(readElfFixture('program'));
  assert.is(facts.kind, 'executable');
  assert.is(facts.interpreter, '/lib64/ld-linux-x86-64.so.2');
  assert.equal(facts.versionNeeds, [{ library: 'libc.so.6', versions: ['GLIBC_2.2.5', 'GLIBC_2.34'] }]);
});

test('debug information that was split off is nothing to load, hence not damaged', () => {
  const facts = readElfFacts(readElfFixture('libtiny.so.1.debug'));
  assert.is(facts.kind, 'other');
  assert.is(facts.buildId, BUILD_ID);
  assert.equal(facts.damage, []);
});

test('the same is read without section headers', () => {
  const bytes = readElfFixture('libtiny.so.1');
  const before = readElfFacts(bytes);
  bytes.fill(0, 40, 48).fill(0, 58, 64);
  assert.equal(readElfFacts(bytes), before);
});

test('a weak version need is none', () => {
  const bytes = readElfFixture('libtiny.so.1');
  bytes.writeUInt16LE(2, 0x578 + 0x50 + 4);
  assert.equal(readElfFacts(bytes).versionNeeds.at(-1), { library: 'libc.so.6', versions: ['GLIBC_2.2.5'] });
});

test('a big-endian header is read as such', () => {
  const bytes = Buffer.alloc(64 + 56);
  bytes.write('\x7fELF\x02\x02\x01', 'latin1');
  bytes.writeUInt16BE(3, 16);
  bytes.writeUInt16BE(22, 18);
  bytes.writeBigUInt64BE(64n, 32);
  bytes.writeUInt16BE(56, 54);
  bytes.writeUInt16BE(1, 56);
  bytes.writeUInt32BE(1, 64);
  bytes.writeBigUInt64BE(120n, 64 + 32);
  bytes.writeBigUInt64BE(120n, 64 + 40);
  const facts = readElfFacts(bytes);
  assert.is(facts.machine, 's390x');
  assert.equal(facts.damage, ['it has no dynamic section']);
});

const hex = (digits: string, bytes = 64): Buffer => Buffer.concat([Buffer.from(digits, 'hex')], bytes);

function makePe(): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.write('MZ');
  bytes.writeUInt32LE(128, 60);
  bytes.write('PE\0\0', 128);
  return bytes;
}

const LIKENESSES: readonly (readonly [what: string, bytes: Buffer, is: string])[] = [
  ['Mach-O, 64 bits', hex('cffaedfe0c000001'), 'mach-o'],
  ['Mach-O, 32 bits', hex('cefaedfe'), 'mach-o'],
  ['Mach-O, big endian', hex('feedface'), 'mach-o'],
  ['Mach-O, big endian, 64 bits', hex('feedfacf'), 'mach-o'],
  ['Mach-O for two machines', hex('cafebabe00000002'), 'mach-o'],
  ['a Java class', hex('cafebabe00000034'), 'unknown'],
  ['a DLL', makePe(), 'pe'],
  ['MZ alone', hex('4d5a'), 'unknown'],
  ['an archive', Buffer.from('!<arch>\ndebian-binary'), 'archive'],
  ['a thin archive', Buffer.from('!<thin>\n'), 'archive'],
  ['a linker script of GNU', Buffer.from('/* GNU ld script\n*/\nGROUP ( /lib/libc.so.6 )'), 'linker script'],
  ['a linker script of few words', Buffer.from('INPUT(-ltinfo)\n'), 'linker script'],
  [
    'a linker script that begins with its format',
    Buffer.from('/* x */OUTPUT_FORMAT(elf64)'),
    'linker script',
  ],
  ['many comments, no script', Buffer.from(`${'/* * */ '.repeat(500)}x`), 'unknown'],
  [
    'a pointer of Git LFS',
    Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n'),
    'git-lfs pointer',
  ],
  ['no bytes', Buffer.alloc(0), 'empty'],
  ['one byte', Buffer.from('\x7f'), 'unknown'],
  ['text', Buffer.from('GROUP of people'), 'unknown'],
];

for (const [what, bytes, is] of LIKENESSES) {
  test(`${what} is ${is}`, () => {
    const file = readBytes(bytes);
    assert.is(file.format === 'other' ? file.looksLike : file.format, is);
  });
}

test('a library is known by its name, and what is only called after one is not', () => {
  for (const name of ['a.so', 'libz.so.1', 'lib/libz.so.1.2.13', 'x/addon.node'])
    assert.ok(isLibraryName(name), name);
  for (const name of ['libz.so.1.zst', 'a.so.gz', 'a.so.txt', 'node', 'also', 'a.nodes']) {
    assert.not(isLibraryName(name), name);
  }
});

test.run();
