import { randomBytes } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { applyFilter, undoFilter } from '../../src/codec/branch-filter.ts';
import { BRANCH_FILTERS } from '../../src/codec/types.ts';

/** Random, but full of what the filters look for. */
function instructions(bytes: number): Uint8Array {
  const likely = [
    0xe8, 0xe9, 0x48, 0x4c, 0x8d, 0x8b, 0x05, 0x0d, 0x00, 0xff, 0x03, 0xfc, 0x94, 0x97, 0x90, 0xb0,
  ];
  return randomBytes(bytes).map((byte, at) =>
    byte % 3 === 0 ? byte : (likely[(byte + at) % likely.length] as number),
  );
}

for (const filter of BRANCH_FILTERS) {
  test(`${filter}: gives back any bytes, at any place and of any length`, () => {
    for (let round = 0; round < 3000; round++) {
      const bytes = round % 2 === 0 ? randomBytes(round % 97) : instructions(round % 97);
      const offset = [0, 4, 4096, 2 ** 24, 5 * 2 ** 24, 2 ** 31 - 4, 2 ** 32 + 16][round % 7] as number;
      const filtered = Uint8Array.from(bytes);
      applyFilter(filter, filtered, offset);
      undoFilter(filter, filtered, offset);
      assert.equal(Buffer.from(filtered), Buffer.from(bytes), bytes.toString());
    }
  });

  test(`${filter}: a file may be cut anywhere`, () => {
    const bytes = instructions(256);
    for (let cut = 0; cut <= bytes.length; cut += 4) {
      const parts = [Uint8Array.from(bytes.subarray(0, cut)), Uint8Array.from(bytes.subarray(cut))] as const;
      applyFilter(filter, parts[0], 0);
      applyFilter(filter, parts[1], cut);
      undoFilter(filter, parts[1], cut);
      undoFilter(filter, parts[0], 0);
      assert.equal(Buffer.concat(parts), Buffer.from(bytes));
    }
  });
}

test('x86: calls, jumps and loads of one address look alike', () => {
  const bytes = Uint8Array.from([
    ...[0xe8, 0x0b, 0, 0, 0], // 0: call 0x10
    ...[0xe9, 0x06, 0, 0, 0], // 5: jmp 0x10
    ...[0x48, 0x8d, 0x05, 0xff, 0xff, 0xff, 0xff], // 10: lea rax, 0x10
    ...[0x4c, 0x8b, 0x3d, 0xf8, 0xff, 0xff, 0xff], // 17: mov r15, 0x10
  ]);
  applyFilter('x86', bytes, 0x1000);
  const operands = [1, 6, 13, 20].map(at => (bytes[at] as number) | ((bytes[at + 1] as number) << 8));
  assert.equal(operands, [0x1010, 0x1010, 0x1010, 0x1010]);
});

test('x86: leaves distances alone that no library has', () => {
  const bytes = Uint8Array.from([0xe8, 1, 2, 3, 0x40, 0xe9, 1, 2, 3, 0x90]);
  const before = [...bytes];
  applyFilter('x86', bytes, 64);
  assert.equal([...bytes], before);
});

test('arm64: calls and pages become absolute', () => {
  const bytes = new Uint8Array(16);
  const words = new DataView(bytes.buffer);
  words.setUint32(0, 0x94000010, true); // 0x8000: bl 0x8040
  words.setUint32(4, 0x9400000f, true); // 0x8004: bl 0x8040
  words.setUint32(8, 0xb0000000, true); // 0x8008: adrp x0, 0x9000
  words.setUint32(12, 0xd503201f, true); // nop
  applyFilter('arm64', bytes, 0x8000);
  const after = [0, 4, 8, 12].map(at => words.getUint32(at, true));
  assert.equal(after, [0x94002010, 0x94002010, 0xb0000040, 0xd503201f]);
});

test.run();
