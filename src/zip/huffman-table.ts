import { SlimError } from '../errors.ts';

/** Longest code of DEFLATE, in bits (RFC 1951, 3.2.7). */
const MAX_CODE_BITS = 15;

/** A table to look up the next bits of a stream in; an entry of 0 means that no code starts so. */
export interface HuffmanTable {
  /** Bits to look at. */
  readonly bits: number;
  /** `symbol << 4 | code length`, at the code read from its lowest bit on. */
  readonly entries: Uint16Array;
}

/** Builds the table of the canonical code with these lengths; refuses a code with more words than bits allow. */
export function buildHuffmanTable(lengths: Uint8Array): HuffmanTable {
  const counts = countLengths(lengths);
  const bits = counts.findLastIndex(count => count > 0);
  const next = firstCodes(counts);
  const entries = new Uint16Array(1 << Math.max(bits, 0));
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    fill(entries, reverseBits(code, length), length, symbol);
  }
  return { bits: Math.max(bits, 0), entries };
}

function countLengths(lengths: Uint8Array): Uint16Array {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  return counts;
}

/** The first code of each length; throws when a length has no room left for its codes. */
function firstCodes(counts: Uint16Array): Uint16Array {
  const codes = new Uint16Array(MAX_CODE_BITS + 1);
  let code = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    code = (code + (counts[length - 1] ?? 0)) << 1;
    if (code + (counts[length] ?? 0) > 1 << length) {
      throw new SlimError('COMPRESSOR_FAILED', ['a Huffman code is over-subscribed']);
    }
    codes[length] = code;
  }
  return codes;
}

function fill(entries: Uint16Array, start: number, length: number, symbol: number): void {
  for (let index = start; index < entries.length; index += 1 << length)
    entries[index] = (symbol << 4) | length;
}

/** Codes are packed from their highest bit on, all else of the stream from its lowest. */
function reverseBits(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  return reversed;
}
