import { crc32 } from 'node:zlib';

/** Largest window that is accepted; ours has the size of a chunk. Bytes. */
const MAX_DICTIONARY = 64 * 1024 * 1024;

// 4 - the id of the x86 filter, which has no properties; 33 - of LZMA2, whose only property is the window's size
const X86_FILTER = [0x04, 0x00];
const LZMA2_FILTER = [0x21, 0x01];

/**
 * Gives the bytes that a one-block xz file comes to, by walking over its LZMA2 chunks without inflating them; null when
 * it is anything else than what `encodeXz` makes. Nothing that passes inflates to more than this says.
 * https://tukaani.org/xz/xz-file-format.txt, and the head of xz's `lzma2_decoder.c`.
 */
export function measureXz(data: Uint8Array): number | null {
  const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
  if (data.length < 36 || magic.some((byte, index) => data[index] !== byte)) return null;
  const block = skipBlockHeader(data, 12);
  const walked = block === null ? null : walkLzma2(data, block);
  if (!walked) return null;
  // 12 - the footer, whose second word is the size of the index: what follows the block has to be all there is.
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const indexBytes = 4 * (view.getUint32(data.length - 8, true) + 1);
  const afterCheck = padTo4(walked.end) + checkBytes(data[7] as number);
  return afterCheck + indexBytes + 12 === data.length ? walked.bytes : null;
}

/** Where the compressed data begins, or null. */
function skipBlockHeader(data: Uint8Array, at: number): number | null {
  const size = 4 * ((data[at] as number) + 1);
  const flags = data[at + 1] as number;
  const end = at + size;
  if (data[at] === 0 || end > data.length || (flags & 0x3c) !== 0) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (view.getUint32(end - 4, true) !== crc32(data.subarray(at, end - 4))) return null;
  // 0x40, 0x80 - whether the sizes are there; the filters come after them
  let next = at + 2;
  for (const flag of [0x40, 0x80]) {
    if ((flags & flag) === 0) continue;
    while (next < end && (data[next] as number) >= 0x80) next++;
    next++;
  }
  const expected = (flags & 3) === 1 ? [...X86_FILTER, ...LZMA2_FILTER] : LZMA2_FILTER;
  if ((flags & 3) > 1 || expected.some((byte, index) => data[next + index] !== byte)) return null;
  return dictionaryBytes(data[next + expected.length] as number) <= MAX_DICTIONARY ? end : null;
}

/** 2 or 3, shifted: two bits of mantissa and an exponent. */
function dictionaryBytes(property: number): number {
  return (2 | (property & 1)) * 2 ** (Math.floor(property / 2) + 11);
}

/** Adds up the chunks: 0 ends, 1 and 2 are stored, from 0x80 on they are compressed. */
function walkLzma2(data: Uint8Array, from: number): { readonly bytes: number; readonly end: number } | null {
  let bytes = 0;
  for (let at = from; at + 6 < data.length; ) {
    const control = data[at] as number;
    const word = (offset: number): number =>
      ((data[at + offset] as number) << 8) + (data[at + offset + 1] as number) + 1;
    if (control === 0) return { bytes, end: at + 1 };
    if (control < 0x80) {
      if (control > 2) return null;
      bytes += word(1);
      at += 3 + word(1);
    } else {
      bytes += ((control & 0x1f) << 16) + word(1);
      // From 0xc0 on, a byte of properties precedes the data.
      at += (control >= 0xc0 ? 6 : 5) + word(3);
    }
  }
  return null;
}

/** Bytes of the check after each block, by the id in the stream's flags: none, CRC32, CRC64, SHA-256 are in use. */
function checkBytes(id: number): number {
  return id === 0 ? 0 : 4 * 2 ** Math.floor((id - 1) / 3);
}

function padTo4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
