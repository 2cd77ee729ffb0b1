import { SlimError } from '../errors.ts';
import { type BitReader, peekBits, readBits, skipBits } from './bit-reader.ts';
import { type BlockCodes, FIXED_CODES, readDynamicCodes } from './code-lengths.ts';

/** Where a raw deflate stream's last block starts, and where the stream ends; in bits from its start. */
export interface LastBlock {
  readonly headerBit: number;
  readonly endBit: number;
}

const END_OF_BLOCK = 256;

/** Walks the blocks of a raw deflate stream (RFC 1951) without inflating it; throws `COMPRESSOR_FAILED` where it is malformed. */
export function findLastBlock(bytes: Uint8Array): LastBlock {
  const reader: BitReader = { bytes, position: 0 };
  for (;;) {
    const headerBit = reader.position;
    const isLast = readBits(reader, 1) === 1;
    skipBlock(reader, readBits(reader, 2));
    if (isLast) return { headerBit, endBit: reader.position };
  }
}

function skipBlock(reader: BitReader, type: number): void {
  if (type === 0) skipStored(reader);
  else if (type === 1) skipSymbols(reader, FIXED_CODES);
  else if (type === 2) skipSymbols(reader, readDynamicCodes(reader));
  else malformed('a block is of type 3');
}

function skipStored(reader: BitReader): void {
  skipBits(reader, -reader.position & 7);
  const length = readBits(reader, 16);
  if (readBits(reader, 16) !== (~length & 0xffff)) malformed('the length of a stored block is wrong');
  skipBits(reader, length * 8);
}

/** The hot loop: it only adds up how many bits each symbol takes, its extra bits included. */
function skipSymbols(reader: BitReader, { literals, distances }: BlockCodes): void {
  for (;;) {
    const literal = literals.entries[peekBits(reader, literals.bits)] ?? 0;
    const symbol = literal >>> 4;
    if (literal === 0 || symbol > 285) malformed('a literal or length is no code');
    skipBits(reader, (literal & 15) + extraLengthBits(symbol));
    if (symbol === END_OF_BLOCK) return;
    if (symbol > END_OF_BLOCK) skipDistance(reader, distances.entries[peekBits(reader, distances.bits)] ?? 0);
  }
}

function skipDistance(reader: BitReader, entry: number): void {
  const symbol = entry >>> 4;
  if (entry === 0 || symbol > 29) malformed('a distance is no code');
  skipBits(reader, (entry & 15) + (symbol < 4 ? 0 : (symbol >> 1) - 1));
}

/** RFC 1951, 3.2.5: four symbols for each number of extra bits, but none for 285. */
function extraLengthBits(symbol: number): number {
  return symbol < 265 || symbol === 285 ? 0 : (symbol - 261) >> 2;
}

function malformed(reason: string): never {
  throw new SlimError('COMPRESSOR_FAILED', [reason]);
}
