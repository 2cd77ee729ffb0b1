import { SlimError } from '../errors.ts';
import { type BitReader, readBits, readSymbol } from './bit-reader.ts';
import { buildHuffmanTable, type HuffmanTable } from './huffman-table.ts';

/** The two codes of a compressed block. */
export interface BlockCodes {
  readonly literals: HuffmanTable;
  readonly distances: HuffmanTable;
}

/** Order in which the lengths of the code-length code are sent (RFC 1951, 3.2.7). */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;

/** The codes of a block of type 1 (RFC 1951, 3.2.6). */
export const FIXED_CODES: BlockCodes = {
  literals: buildHuffmanTable(
    Uint8Array.from({ length: 288 }, (_, symbol) =>
      symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
    ),
  ),
  distances: buildHuffmanTable(new Uint8Array(32).fill(5)),
};

/** Reads the codes at the start of a block of type 2. */
export function readDynamicCodes(reader: BitReader): BlockCodes {
  const literalCount = readBits(reader, 5) + 257;
  const distanceCount = readBits(reader, 5) + 1;
  if (literalCount > 286 || distanceCount > 30) malformed('a block has more codes than there are symbols');
  const lengths = readLengths(reader, literalCount + distanceCount);
  if (lengths[END_OF_BLOCK] === 0) malformed('a block has no code for its end');
  return {
    literals: buildHuffmanTable(lengths.subarray(0, literalCount)),
    distances: buildHuffmanTable(lengths.subarray(literalCount)),
  };
}

function readLengths(reader: BitReader, total: number): Uint8Array {
  const lengthCodeLengths = new Uint8Array(19);
  const count = readBits(reader, 4) + 4;
  for (const symbol of LENGTH_ORDER.slice(0, count)) lengthCodeLengths[symbol] = readBits(reader, 3);
  const table = buildHuffmanTable(lengthCodeLengths);
  const lengths = new Uint8Array(total);
  let filled = 0;
  while (filled < total) {
    const [value, times] = readRun(reader, table, lengths[filled - 1]);
    if (filled + times > total) malformed('a run of code lengths is too long');
    lengths.fill(value, filled, filled + times);
    filled += times;
  }
  return lengths;
}

/** One length, or a run of the previous one or of zeros. */
function readRun(
  reader: BitReader,
  table: HuffmanTable,
  previous: number | undefined,
): readonly [number, number] {
  const symbol = readSymbol(reader, table);
  if (symbol < 16) return [symbol, 1];
  if (symbol === 17) return [0, 3 + readBits(reader, 3)];
  if (symbol === 18) return [0, 11 + readBits(reader, 7)];
  if (previous === undefined) return malformed('a run of code lengths repeats nothing');
  return [previous, 3 + readBits(reader, 2)];
}

function malformed(reason: string): never {
  throw new SlimError('COMPRESSOR_FAILED', [reason]);
}
