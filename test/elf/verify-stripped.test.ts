import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memorySource } from '../../src/elf/byte-sources.ts';
import { PT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { stripElf } from '../../src/elf/strip-elf.ts';
import type { ElfFile } from '../../src/elf/types.ts';
import { verifyStripped } from '../../src/elf/verify-stripped.ts';

const read = (name: string): Buffer => readFileSync(join('fixtures/elf/strip', name));
const ORIGINAL = read('plain-patched.so');
const STRIPPED = Buffer.from(stripElf(ORIGINAL));

function elfOf(bytes: Uint8Array): ElfFile {
  const reading = readElf(memorySource(bytes));
  if (!reading.ok) throw new Error(reading.reason);
  return reading.elf;
}

const verify = (stripped: Uint8Array): readonly string[] =>
  verifyStripped(memorySource(ORIGINAL), memorySource(stripped));

/** The stripped file after a change made in place. */
function damage(change: (bytes: Buffer, elf: ElfFile) => void): Buffer {
  const bytes = Buffer.from(STRIPPED);
  change(bytes, elfOf(bytes));
  return bytes;
}

/** Offset in the file of the program header of this type, `nth` of its kind. */
function rowOf(elf: ElfFile, type: number, nth = 0): number {
  const rows = elf.segments.flatMap((segment, at) => (segment.type === type ? [at] : []));
  return elf.header.phoff + (rows[nth] as number) * 56;
}

test('finds no fault in our own result, nor in the original', () => {
  assert.equal(verify(STRIPPED), []);
  assert.equal(verify(ORIGINAL), []);
});

test('finds what GNU strip did to a library that was patched twice', () => {
  assert.match(verify(read('plain-patched-gnu.so')).join('\n'), /not page-aligned/);
});

test('finds a segment that was shifted', () => {
  const bytes = damage((file, elf) => {
    const row = rowOf(elf, PT.LOAD, 2);
    file.writeBigUInt64LE(file.readBigUInt64LE(row + 8) + 4096n, row + 8); // 8 - p_offset
  });
  assert.ok(verify(bytes).length > 0);
});

test('finds a segment that moved in memory, was dropped, or may be written to', () => {
  const moved = damage((file, elf) => {
    const row = rowOf(elf, PT.LOAD, 3);
    file.writeBigUInt64LE(file.readBigUInt64LE(row + 16) + 4096n, row + 16); // 16 - p_vaddr
  });
  assert.ok(verify(moved).length > 0);
  const dropped = damage((file, elf) => file.writeUInt32LE(PT.NULL, rowOf(elf, PT.LOAD, 3)));
  assert.ok(verify(dropped).length > 0);
  const writable = damage((file, elf) => file.writeUInt32LE(7, rowOf(elf, PT.LOAD, 1) + 4)); // 4 - p_flags
  assert.match(verify(writable).join('\n'), /other flags/);
});

test('finds a changed byte in every section that is loaded', () => {
  const sections = elfOf(STRIPPED).sections.filter(
    ({ flags, type, size }) => (flags & 2) !== 0 && type !== 8 && size > 0,
  );
  assert.ok(sections.length > 10);
  for (const { offset, size, name } of sections) {
    const bytes = damage(file => {
      const at = offset + Math.floor(size / 2);
      file[at] = (file[at] as number) ^ 1;
    });
    assert.ok(verify(bytes).length > 0, name);
  }
});

test('finds a file that was cut off anywhere', () => {
  for (let length = STRIPPED.length - 1; length >= 0; length -= 499) {
    assert.ok(verify(STRIPPED.subarray(0, length)).length > 0, `${length} bytes`);
  }
});

test('finds another entry point, machine, dynamic section or relro', () => {
  const entry = damage(file => file.writeBigUInt64LE(0x1234n, 24)); // 24 - e_entry
  assert.match(verify(entry).join('\n'), /entry/);
  const machine = damage(file => file.writeUInt16LE(183, 18)); // 18 - e_machine
  assert.match(verify(machine).join('\n'), /machine/);
  for (const type of [PT.DYNAMIC, PT.GNU_RELRO, PT.GNU_EH_FRAME, PT.TLS]) {
    const changed = damage((file, elf) => file.writeBigUInt64LE(0n, rowOf(elf, type) + 40)); // 40 - p_memsz
    assert.ok(verify(changed).length > 0, `type ${type.toString(16)}`);
    const gone = damage((file, elf) => file.writeUInt32LE(PT.NULL, rowOf(elf, type)));
    assert.ok(verify(gone).length > 0, `type ${type.toString(16)}`);
  }
});

test('finds zeros that are gone from the end of a segment', () => {
  const bytes = damage((file, elf) => {
    const at = elf.segments.findIndex(({ type, filesz, memsz }) => type === PT.LOAD && memsz > filesz);
    file.writeBigUInt64LE(BigInt(elf.segments[at]?.filesz ?? 0), elf.header.phoff + at * 56 + 40); // 40 - p_memsz
  });
  assert.match(verify(bytes).join('\n'), /not loaded any more/);
});

test('finds a section table that lost a section or lies about its place', () => {
  const lost = damage((file, elf) => file.writeUInt32LE(0, elf.header.shoff + 3 * 64 + 8)); // 8 - sh_flags
  assert.match(verify(lost).join('\n'), /gone or changed/);
  const lying = damage((file, elf) => file.writeBigUInt64LE(64n, elf.header.shoff + 3 * 64 + 24)); // 24 - sh_offset
  assert.match(verify(lying).join('\n'), /another offset/);
});

test('does not take another file, or none, for the stripped one', () => {
  assert.ok(verify(Buffer.from(stripElf(read('plain.so')))).length > 0);
  assert.ok(verify(Buffer.from('text')).length > 0);
  assert.ok(verify(Buffer.alloc(0)).length > 0);
});

test('never throws for crafted bytes', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 2000; round++) {
    const bytes = damage(file => {
      for (let byte = 0; byte < 3; byte++) file[random(1000)] = [0, 0xff, random(256)][random(3)] as number;
    });
    verify(bytes);
  }
});

test.run();
