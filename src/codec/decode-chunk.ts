import { brotliDecompressSync, crc32 } from 'node:zlib';
import { undoFilter } from './branch-filter.ts';
import { MAX_CHUNK_BYTES } from './chunk-ranges.ts';
import { measureXz } from './measure-xz.ts';
import { measureZstd } from './measure-zstd.ts';
import { runSevenZip } from './seven-zip.ts';
import type { LibraryChunk } from './types.ts';
import { decodeZstd } from './zstd.ts';

export type DecodedChunk =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string };

/**
 * Inflates a chunk of any artifact, undoes its filter and checks it. Never takes more memory than the chunk's own
 * `bytes` allow, whatever the data claim.
 */
export async function decodeChunk(data: Uint8Array, chunk: LibraryChunk): Promise<DecodedChunk> {
  if (chunk.bytes > MAX_CHUNK_BYTES) return { ok: false, reason: `a chunk of ${chunk.bytes} bytes` };
  if (data.length !== chunk.compressedBytes) return { ok: false, reason: 'it is cut short' };
  try {
    const bytes = await inflate(data, chunk);
    if (bytes?.length !== chunk.bytes)
      return { ok: false, reason: `it does not come to ${chunk.bytes} bytes` };
    if (chunk.filter) undoFilter(chunk.filter, bytes, chunk.offset);
    if (crc32(bytes) !== chunk.crc32) return { ok: false, reason: 'its check sum is wrong' };
    return { ok: true, bytes };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Null where the data themselves say that they come to another size. */
async function inflate(data: Uint8Array, { format, bytes }: LibraryChunk): Promise<Uint8Array | null> {
  switch (format) {
    case 'brotli':
      return brotliDecompressSync(data, { maxOutputLength: bytes });
    case 'zstd':
      return measureZstd(data) === bytes ? decodeZstd(data) : null;
    case 'xz':
      if (measureXz(data) !== bytes) return null;
      return runSevenZip(['e', '-txz', '-y', 'in.xz'], { name: 'in.xz', bytes: data }, 'in');
  }
}
