import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import { SlimError } from '../errors.ts';
import type { CompressLevel } from '../types.ts';
import { writeAtomic } from '../util/fs.ts';
import { BLOCK_BYTES, DEFLATE_LEVELS } from '../zip/compressor.ts';
import { type DeflatedBlock, type DeflatePool, openDeflatePool } from '../zip/deflate-pool.ts';

export interface GzipOptions {
  readonly level: CompressLevel;
  readonly signal: AbortSignal;
  /** Told of uncompressed bytes. */
  readonly onBytes: (bytes: number) => void;
}

export interface GzippedFile {
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Magic, deflate, no flags, no time, no extra flags, system unknown: nothing of it tells when or where. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** Blocks a thread; one waits while another is compressed. */
const AHEAD = 2;

/**
 * Writes what `chunks` give as gzip, whole or not at all. The bytes depend on nothing but the content and the level: the compressor
 * is our own, since Node.js's zlib gives others from version to version. Throws `OUTPUT_UNWRITABLE`, `COMPRESSOR_FAILED`, `CANCELLED`,
 * and what `chunks` throws.
 */
export async function gzipFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: GzipOptions,
): Promise<GzippedFile> {
  const size = availableParallelism();
  const pool = openDeflatePool({ size, signal: options.signal });
  try {
    return await writeAtomic(path, async file => {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const piece of compress(chunks, pool, size * AHEAD, options)) {
        if (options.signal.aborted) throw new SlimError('CANCELLED', []);
        hash.update(piece);
        bytes += piece.length;
        await file.writeFile(piece);
      }
      return { sha256: hash.digest('hex'), bytes };
    });
  } finally {
    await pool.close();
  }
}

/** Blocks are compressed side by side and given in their order; together they are one stream. */
async function* compress(
  chunks: AsyncIterable<Uint8Array>,
  pool: DeflatePool,
  ahead: number,
  { level, onBytes }: GzipOptions,
): AsyncGenerator<Uint8Array> {
  const pending: Promise<DeflatedBlock>[] = [];
  let crc = 0;
  let total = 0;
  yield HEADER;
  for await (const { raw, isLast } of cutBlocks(chunks)) {
    crc = crc32(raw, crc);
    total += raw.length;
    onBytes(raw.length);
    const deflating = pool.deflate({ raw, level: DEFLATE_LEVELS[level], isLast });
    // It is awaited below, maybe after another one has failed.
    deflating.catch(() => {});
    pending.push(deflating);
    if (pending.length >= ahead) yield (await (pending.shift() as Promise<DeflatedBlock>)).stream;
  }
  for (const deflating of pending) yield (await deflating).stream;
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc, 0);
  end.writeUInt32LE(total % 2 ** 32, 4);
  yield end;
}

interface Block {
  readonly raw: Uint8Array<ArrayBuffer>;
  readonly isLast: boolean;
}

/** Blocks of one size whatever the sizes of the chunks; an empty last one where there is nothing at all. */
async function* cutBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Block> {
  let block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === BLOCK_BYTES) {
        yield { raw: block, isLast: false };
        block = new Uint8Array(BLOCK_BYTES);
        filled = 0;
      }
      const part = chunk.subarray(at, at + BLOCK_BYTES - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
    }
  }
  yield { raw: block.slice(0, filled), isLast: true };
}
