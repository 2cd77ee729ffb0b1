import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memorySource, openFileSource } from '../../src/elf/byte-sources.ts';
import { ET, PT } from '../../src/elf/constants.ts';
import { planStrip } from '../../src/elf/plan-strip.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { stripElf } from '../../src/elf/strip-elf.ts';
import { stripFile } from '../../src/elf/strip-file.ts';
import type { ElfFile, Segment } from '../../src/elf/types.ts';
import { verifyStripped } from '../../src/elf/verify-stripped.ts';
import { withTempDir } from '../../src/util/fs.ts';

const DIR = 'fixtures/elf/strip';
const LIBRARIES = [
  'plain.so',
  'packed-relocs.so',
  'noseparate-code.so',
  'pages-64k.so',
  'lld.so',
  'aarch64.so',
  'plain-patched.so',
  'aarch64-patched.so',
];
const PROGRAMS = ['pie', 'fixed', 'static'];
const IS_LINUX_X64 = process.platform === 'linux' && process.arch === 'x64';

const read = (name: string): Buffer => readFileSync(join(DIR, name));

function elfOf(bytes: Uint8Array): ElfFile {
  const reading = readElf(memorySource(bytes));
  if (!reading.ok) throw new Error(reading.reason);
  return reading.elf;
}

function loadsOf(bytes: Uint8Array): readonly Segment[] {
  return elfOf(bytes).segments.filter(({ type }) => type === PT.LOAD);
}

/** What lies at which address, told without any code of the library under test but the reader. */
function imageOf(bytes: Uint8Array): ReadonlyMap<number, number> {
  const image = new Map<number, number>();
  for (const { vaddr, offset, filesz, memsz } of loadsOf(bytes)) {
    for (let at = 0; at < memsz; at++)
      image.set(vaddr + at, at < filesz ? (bytes[offset + at] as number) : 0);
  }
  return image;
}

/** Up to this address lie the headers of the file, which are all that may change. */
function headersEndOf(original: Uint8Array): number {
  const { header, segments } = elfOf(original);
  const base = segments.find(({ type }) => type === PT.LOAD)?.vaddr ?? 0;
  return base + header.phoff + (header.phnum + 4) * 56;
}

const removedOf = (name: string) => {
  const planning = planStrip(memorySource(read(name)));
  if (planning.outcome !== 'stripped') throw new Error(`${name}: ${planning.outcome}`);
  return planning.plan.removed;
};

const reasonOf = (bytes: Uint8Array): string => {
  const planning = planStrip(memorySource(bytes));
  return planning.outcome === 'kept' ? planning.reason : planning.outcome;
};

for (const name of [...LIBRARIES, ...PROGRAMS]) {
  test(`${name} gets smaller, and its memory image stays`, () => {
    const original = read(name);
    const stripped = stripElf(original);
    assert.ok(stripped.length < original.length * 0.95, `${stripped.length} of ${original.length}`);
    assert.equal(verifyStripped(memorySource(original), memorySource(stripped)), []);
    const before = imageOf(original);
    const after = imageOf(stripped);
    const headersEnd = headersEndOf(original);
    const wrong = [...after].find(([at, byte]) => at >= headersEnd && byte !== before.get(at));
    assert.is(wrong, undefined);
    // What is gone is what patchelf wrote over, or left of its own tables.
    const gone = [...before].filter(([at]) => !after.has(at));
    assert.ok(gone.filter(([, byte]) => byte === 0 || byte === 0x5a).length >= gone.length * 0.95);
  });

  test(`${name} is stripped once and for all`, () => {
    const stripped = stripElf(read(name));
    assert.equal(planStrip(memorySource(stripped)), { outcome: 'nothing to strip' });
  });

  test(`${name} has no symbols any more, but every section that is loaded, where its address says`, () => {
    const before = elfOf(read(name));
    const after = elfOf(stripElf(read(name)));
    const isLoaded = ({ flags }: { flags: number }) => (flags & 2) !== 0;
    const named = (elf: ElfFile) =>
      elf.sections
        .filter(isLoaded)
        .map(({ name, addr, size, type, addralign }) => ({ name, addr, size, type, addralign }));
    assert.equal(named(after), named(before));
    assert.equal(
      after.sections.filter(section => section.name && !isLoaded(section)).map(({ name }) => name),
      ['.shstrtab'],
    );
    // The dynamic symbols hold indices of sections.
    const indexed = (elf: ElfFile) => elf.sections.flatMap(({ name }, at) => (name === '.text' ? [at] : []));
    assert.equal(indexed(after), indexed(before));
    for (const { name, link } of after.sections.filter(isLoaded)) {
      const old = before.sections.find(section => section.name === name);
      assert.is(after.sections[link]?.name, before.sections[old?.link ?? 0]?.name, `sh_link of ${name}`);
    }
  });
}

test('patchelf’s former copies leave the file, and so do the pages that it emptied', () => {
  const removed = removedOf('plain-patched.so');
  assert.ok(removed.orphans > 30_000, `${removed.orphans}`);
  assert.ok(removed.gaps > 10_000, `${removed.gaps}`);
  const before = loadsOf(read('plain-patched.so'));
  const stripped = stripElf(read('plain-patched.so'));
  const gnu = read('plain-patched-gnu.so');
  assert.ok(stripped.length < gnu.length, `${stripped.length}, GNU strip leaves ${gnu.length}`);
  assert.ok(
    loadsOf(stripped).every(load => before.some(old => load.vaddr >= old.vaddr && load.flags === old.flags)),
  );
});

test('aarch64 libraries are mended as x86_64 ones are', () => {
  const removed = removedOf('aarch64-patched.so');
  assert.ok(removed.orphans + removed.gaps > 30_000, `${removed.orphans} ${removed.gaps}`);
});

test('debug information and symbols are told apart', () => {
  const { symbols, debug, orphans, gaps } = removedOf('plain.so');
  assert.ok(symbols > 5_000 && debug > 5_000, `${symbols} ${debug}`);
  assert.equal([orphans, gaps], [0, 0]);
});

test('what may hold a payload keeps all of its bytes', () => {
  const appended = Buffer.concat([read('pie'), Buffer.from('PK\x03\x04 a payload')]);
  assert.match(reasonOf(appended), /14 bytes are appended/);
  assert.match(reasonOf(read('payload-section.so')), /"pydata"/);
  assert.match(reasonOf(Buffer.concat([read('plain.so'), Buffer.alloc(8192)])), /8192 bytes are appended/);
});

test('what is no 64-bit library or program keeps all of its bytes', () => {
  assert.match(reasonOf(read('i386.so')), /not a 64-bit/);
  assert.match(reasonOf(read('object.o')), /neither a library nor an executable/);
  assert.match(reasonOf(read('plain.debug')), /debug information of another file/);
  assert.match(reasonOf(Buffer.from('not at all')), /does not begin/);
});

test('a gap that holds anything but filler, or that something refers to, stays', () => {
  const original = read('plain-patched.so');
  const orphan = loadsOf(original).find(
    load => !loadsOf(stripElf(original)).some(({ vaddr }) => vaddr === load.vaddr),
  );
  assert.ok(orphan);
  const used = Buffer.from(original);
  used.fill(0x41, orphan.offset, orphan.offset + orphan.filesz);
  assert.ok(loadsOf(stripElf(used)).some(({ vaddr }) => vaddr === orphan.vaddr));
  const referred = Buffer.from(original);
  referred.writeBigUInt64LE(BigInt(orphan.vaddr + 8), 24); // 24 - e_entry
  assert.ok(loadsOf(stripElf(referred)).some(({ vaddr }) => vaddr === orphan.vaddr));
  assert.ok(stripElf(referred).length < original.length, 'its symbols go all the same');
});

test('a program at fixed addresses only loses what is not loaded', () => {
  assert.is(elfOf(read('fixed')).header.type, ET.EXEC);
  assert.equal([removedOf('fixed').orphans, removedOf('fixed').gaps], [0, 0]);
});

test('a number that a double cannot hold is not written back as its neighbour', () => {
  const original = read('plain.so');
  for (const word of [2n ** 64n - 1n, 2n ** 53n + 1n]) {
    const stack = elfOf(original).segments.findIndex(({ type }) => type === PT.GNU_STACK);
    const crafted = Buffer.from(original);
    crafted.writeBigUInt64LE(word, 64 + stack * 56 + 24); // 24 - p_paddr
    assert.match(reasonOf(crafted), /no file or address reaches/);
  }
});

test('a truncated or crafted file is kept and never throws', () => {
  const original = read('plain-patched.so');
  for (let length = 0; length < original.length; length += 997) {
    planStrip(memorySource(original.subarray(0, length)));
  }
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 3000; round++) {
    const crafted = Buffer.from(original);
    const isHeaders = round % 2 === 0;
    for (let byte = 0; byte < 1 + random(4); byte++) {
      const at = isHeaders ? random(1000) : elfOf(original).header.shoff + random(2000);
      if (at < crafted.length) crafted[at] = [0, 0xff, 0x7f, 0x80, random(256)][random(5)] as number;
    }
    const stripped = stripElf(crafted);
    assert.ok(stripped.length <= crafted.length);
  }
});

test('writes a stripped file beside or over the old one, with its mode and nothing left over', () =>
  withTempDir(async dir => {
    const path = join(dir, 'library.so');
    writeFileSync(path, read('plain-patched.so'));
    chmodSync(path, 0o755);
    const result = stripFile(path, path);
    assert.is(result.outcome, 'stripped');
    assert.ok(readFileSync(path).equals(stripElf(read('plain-patched.so'))));
    assert.equal(execFileSync('ls', [dir]).toString().trim(), 'library.so');
    if (process.platform !== 'win32')
      assert.match(execFileSync('ls', ['-l', path]).toString(), /^-rwxr-xr-x/);
    assert.equal(stripFile(path, path), { outcome: 'nothing to strip' });
    const source = openFileSource(path);
    assert.equal(verifyStripped(source, source), []);
    source.close();
  }));

if (IS_LINUX_X64) {
  test('stripped programs answer as before', () =>
    withTempDir(async dir => {
      for (const name of ['pie', 'fixed']) {
        stripFile(join(DIR, name), join(dir, name));
        assert.is(execFileSync(join(dir, name)).toString(), '402\n');
      }
      stripFile(join(DIR, 'static'), join(dir, 'static'));
      assert.throws(
        () => execFileSync(join(dir, 'static')),
        (error: { status?: number }) => error.status === 42,
      );
    }));
}

test.run();
