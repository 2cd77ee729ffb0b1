/** A random number from 0 up to a bound. */
export type Random = (below: number) => number;

/** The same numbers for the same seed: mulberry32. */
export function seedRandom(seed: number): Random {
  let state = seed >>> 0;
  return below => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Numbers at which readers break: the ends of integers, of pages, of the address space. */
const INTERESTING = [
  0n,
  1n,
  2n,
  3n,
  0x7fn,
  0xffn,
  0xfffn,
  0x1000n,
  0x1001n,
  0xffffn,
  0x10000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  1n << 40n,
  (1n << 47n) - 1n,
  1n << 52n,
  (1n << 53n) + 1n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
] as const;

/** A copy of an ELF file with one to six things wrong. */
export function mutateElf(original: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let count = 1 + random(6); count > 0; count--) bytes = mutateOnce(bytes, random);
  return bytes;
}

function mutateOnce(bytes: Buffer, random: Random): Buffer {
  if (bytes.length < 64) return bytes;
  switch (random(12)) {
    case 0:
      return bytes.subarray(0, random(bytes.length));
    case 1:
      return flipBits(bytes, random);
    case 2:
      bytes.copy(bytes, random(bytes.length), random(bytes.length), random(bytes.length));
      return bytes;
    case 3:
      return Buffer.concat([bytes, Buffer.alloc(random(20_000))]);
    case 4:
      return bytes.fill(random(256), random(bytes.length), random(bytes.length));
    default:
      return writeNumber(bytes, pickField(bytes, random), random);
  }
}

function flipBits(bytes: Buffer, random: Random): Buffer {
  for (let count = 1 + random(8); count > 0; count--) {
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  }
  return bytes;
}

/** Where something is that a reader trusts: the header, the tables it names, what the dynamic section names. */
function pickField(bytes: Buffer, random: Random): number {
  const wide = bytes[4] !== 1;
  const table = (at: number, size: number, count: number): number => at + size * random(Math.max(1, count));
  switch (random(4)) {
    case 0:
      return random(64);
    case 1:
      return table(readOffset(bytes, wide ? 32 : 28), 1, 56 * bytes.readUInt16LE(wide ? 56 : 44));
    case 2:
      return table(readOffset(bytes, wide ? 40 : 32), 1, 64 * bytes.readUInt16LE(wide ? 60 : 48));
    default:
      return findDynamicField(bytes, random, wide);
  }
}

/** A value in the dynamic section, or in the table that such a value points to, if its address is its offset. */
function findDynamicField(bytes: Buffer, random: Random, wide: boolean): number {
  const headers = readOffset(bytes, wide ? 32 : 28);
  const size = wide ? 56 : 32;
  for (let at = headers; at + size <= bytes.length && at < headers + 20 * size; at += size) {
    if (bytes.readUInt32LE(at) !== 2) continue;
    const value = readOffset(bytes, at + (wide ? 8 : 4)) + (wide ? 8 : 4) * random(80);
    return random(2) === 0 ? value : readOffset(bytes, value) + random(64);
  }
  return random(bytes.length);
}

function readOffset(bytes: Buffer, at: number): number {
  return at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
}

function writeNumber(bytes: Buffer, at: number, random: Random): Buffer {
  const width = [1, 2, 4, 8][random(4)] ?? 8;
  if (at + 8 > bytes.length) return bytes;
  const close = BigInt(random(2 * bytes.length));
  const value = random(3) === 0 ? close : (INTERESTING[random(INTERESTING.length)] ?? 0n);
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt.asUintN(64, value));
  number.copy(bytes, at, 0, width);
  return bytes;
}
