import { SlimError } from '../errors.ts';
import type { HuffmanTable } from './huffman-table.ts';

/** A position in a bit stream; `peek` may look past the end and sees zeros there, `skip` may not go there. */
export interface BitReader {
  readonly bytes: Uint8Array;
  /** In bits from the start. */
  position: number;
}

/** Looks at up to 17 bits without taking them. */
export function peekBits(reader: BitReader, count: number): number {
  const at = reader.position >>> 3;
  const { bytes } = reader;
  const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  return (word >>> (reader.position & 7)) & ((1 << count) - 1);
}

/** Goes forward; throws `COMPRESSOR_FAILED` past the end. */
export function skipBits(reader: BitReader, count: number): void {
  reader.position += count;
  if (reader.position > reader.bytes.length * 8) {
    throw new SlimError('COMPRESSOR_FAILED', ['the stream ends in the middle of a block']);
  }
}

/** Takes up to 17 bits. */
export function readBits(reader: BitReader, count: number): number {
  const value = peekBits(reader, count);
  skipBits(reader, count);
  return value;
}

/** Takes one code and gives its symbol. */
export function readSymbol(reader: BitReader, table: HuffmanTable): number {
  const entry = table.entries[peekBits(reader, table.bits)] ?? 0;
  if (entry === 0) throw new SlimError('COMPRESSOR_FAILED', ['the stream holds bits that are no code']);
  skipBits(reader, entry & 15);
  return entry >>> 4;
}
