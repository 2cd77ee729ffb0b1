import { crc32 } from 'node:zlib';
import { applyFilter } from './branch-filter.ts';
import { encodeBrotli, encodeXz, encodeZstd } from './encoders.ts';
import type { BranchFilter, EncodeOptions } from './types.ts';
import { verifyChunk } from './verify-chunk.ts';

/** What of a chunk is known once it has been encoded. */
export interface EncodedChunk {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly crc32: number;
  readonly filter: BranchFilter | null;
}

/** A filter costs time at each cold start, so it has to leave at most this part of the bytes. */
const WORTHWHILE = 0.97;

/** Encodes a chunk that lies at `offset` of its library, with the branch filter where that pays, and inflates it again to see that it holds. */
export async function encodeChunk(
  raw: Uint8Array,
  offset: number,
  options: EncodeOptions,
): Promise<EncodedChunk> {
  const encoded = await encode(raw, offset, options);
  await verifyChunk(encoded, raw, offset, options);
  return encoded;
}

async function encode(raw: Uint8Array, offset: number, options: EncodeOptions): Promise<EncodedChunk> {
  const filtered = await filterIfWorthwhile(raw, offset, options);
  const facts = { crc32: crc32(raw), filter: filtered?.filter ?? null };
  if (options.format === 'xz') {
    return { ...facts, filter: null, data: await encodeXz(raw, options.level, filtered !== null) };
  }
  const bytes = filtered?.bytes ?? raw;
  const compress = options.format === 'zstd' ? encodeZstd : encodeBrotli;
  return { ...facts, data: await compress(bytes, options.level) };
}

/** Tries the filter with zstd's quick level; for xz it stands for the container's own one. */
async function filterIfWorthwhile(raw: Uint8Array, offset: number, options: EncodeOptions) {
  const filter = filterFor(options);
  if (!filter) return null;
  const bytes = Uint8Array.from(raw);
  applyFilter(filter, bytes, offset);
  const [plain, shorter] = [await encodeZstd(raw, 'fast'), await encodeZstd(bytes, 'fast')];
  return shorter.length < plain.length * WORTHWHILE ? { filter, bytes } : null;
}

function filterFor({ arch, format, branchFilter }: EncodeOptions): BranchFilter | null {
  // xz has an arm64 filter too, but only from liblzma 5.4 on, and Lambda has 5.2.
  if (format === 'xz') return arch === 'x64' ? 'x86' : null;
  if (!branchFilter) return null;
  return arch === 'x64' ? 'x86' : 'arm64';
}
