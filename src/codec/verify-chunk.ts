import { decodeChunk } from './decode-chunk.ts';
import type { EncodedChunk } from './encode-chunk.ts';
import type { EncodeOptions } from './types.ts';

/** Inflates what was just encoded: nothing goes into an artifact that does not come back byte by byte. Throws an Error. */
export async function verifyChunk(
  { data, crc32, filter }: EncodedChunk,
  raw: Uint8Array,
  offset: number,
  { format }: EncodeOptions,
): Promise<void> {
  const place = { offset, bytes: raw.length, at: 0, compressedBytes: data.length };
  const decoded = await decodeChunk(data, { ...place, crc32, format, filter });
  const reason = decoded.ok ? 'it comes to other bytes' : decoded.reason;
  if (!decoded.ok || Buffer.compare(decoded.bytes, raw) !== 0) {
    throw new Error(`What ${format} made of ${raw.length} bytes cannot be inflated again: ${reason}.`);
  }
}
