import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { SlimError } from '../errors.ts';
import { mapPool } from '../util/pool.ts';
import { type ChunkRange, listChunks } from './chunk-ranges.ts';
import type { EncodedChunk } from './encode-chunk.ts';
import { type EncodeThread, openEncodeThread } from './encode-thread.ts';
import { findLibrary, libraryPath, saveLibrary } from './library-store.ts';
import type { EncodeContext, EncodedLibrary, EncodeOptions, LibraryChunk, LibrarySource } from './types.ts';

/** Each thread takes up to 400 MB at the higher levels. */
const MAX_WORKERS = 8;

/**
 * Compresses a library in chunks, or finds it in the cache. The same library and options give the same bytes on every
 * machine. Throws `CANCELLED`, `COMPRESSOR_FAILED` and `CACHE_UNWRITABLE`.
 */
export async function encodeLibrary(
  source: LibrarySource,
  options: EncodeOptions,
  context: EncodeContext,
): Promise<EncodedLibrary> {
  const sha256 = hashSource(source, context.signal);
  const path = libraryPath(context, sha256, options);
  const known = await findLibrary(path, sha256);
  if (known) {
    context.onBytes?.(known.bytes);
    return known;
  }
  const encoded = await encodeChunks(source, options, context);
  const { chunks, data } = layOut(listChunks(source.size), encoded, options);
  return saveLibrary(path, sha256, chunks, data);
}

function hashSource(source: LibrarySource, signal: AbortSignal): string {
  const hash = createHash('sha256');
  for (const { offset, bytes } of listChunks(source.size)) {
    if (signal.aborted) throw new SlimError('CANCELLED', []);
    hash.update(source.read(offset, bytes));
  }
  return hash.digest('hex');
}

async function encodeChunks(
  source: LibrarySource,
  options: EncodeOptions,
  context: EncodeContext,
): Promise<readonly EncodedChunk[]> {
  const ranges = listChunks(source.size);
  const limit = Math.max(1, context.workers ?? Math.min(availableParallelism(), MAX_WORKERS));
  const threads: EncodeThread[] = [];
  const idle: EncodeThread[] = [];
  try {
    return await mapPool(ranges, limit, async ({ offset, bytes }) => {
      const thread = idle.pop() ?? openEncodeThread(context.signal);
      if (!threads.includes(thread)) threads.push(thread);
      const raw = Uint8Array.from(source.read(offset, bytes));
      const chunk = await thread.encode({ raw, offset, options });
      idle.push(thread);
      context.onBytes?.(bytes);
      return chunk;
    });
  } finally {
    await Promise.all(threads.map(thread => thread.close()));
  }
}

function layOut(ranges: readonly ChunkRange[], encoded: readonly EncodedChunk[], { format }: EncodeOptions) {
  let at = 0;
  const chunks = ranges.map((range, index): LibraryChunk => {
    const { data, crc32, filter } = encoded[index] as EncodedChunk;
    const chunk = { ...range, at, compressedBytes: data.length, crc32, format, filter };
    at += data.length;
    return chunk;
  });
  return { chunks, data: encoded.map(chunk => chunk.data) };
}
