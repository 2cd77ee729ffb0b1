import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { BlobHeader } from './blob-header.ts';
import { explainCache } from './blob-store.ts';
import { throwIfCancelled } from './cancel.ts';
import { BLOCK_BYTES } from './compressor.ts';
import type { DeflatedBlock } from './deflate-pool.ts';
import { type OpenSource, readBlock } from './read-source.ts';
import type { ZipSession } from './zip-session.ts';

/** A file on its way into the spool. */
interface Spooling {
  readonly session: ZipSession;
  readonly source: OpenSource;
  readonly spool: FileHandle;
  readonly hash: Hash;
  crc32: number;
  compressedBytes: number;
  payloadCrc32: number;
  isBroken: boolean;
}

/** Compresses the blocks of a file in parallel and appends them to `spool` in order; together they are one deflate stream. */
export async function spoolBlocks(
  session: ZipSession,
  source: OpenSource,
  spool: FileHandle,
): Promise<BlobHeader> {
  const bytes = Number(source.stats.size);
  const state: Spooling = {
    session,
    source,
    spool,
    hash: createHash('sha256'),
    crc32: 0,
    compressedBytes: 0,
    payloadCrc32: 0,
    isBroken: false,
  };
  let writing: Promise<void> = Promise.resolve();
  try {
    for (let offset = 0; offset < bytes && !state.isBroken; offset += BLOCK_BYTES) {
      writing = appendBlock(state, writing, await startBlock(state, offset, offset + BLOCK_BYTES >= bytes));
    }
  } finally {
    await Promise.allSettled([writing]);
  }
  await writing;
  return toHeader(state, bytes);
}

/** Reads a block as soon as there is room for it in memory, and hands it to the threads. */
async function startBlock(
  state: Spooling,
  offset: number,
  isLast: boolean,
): Promise<{ deflating: Promise<DeflatedBlock> }> {
  const { pool, permits, level, signal } = state.session;
  await permits.acquire();
  try {
    throwIfCancelled(signal);
    const raw = await readBlock(state.source, offset);
    state.hash.update(raw);
    state.crc32 = crc32(raw, state.crc32);
    const deflating = pool.deflate({ raw, level, isLast });
    deflating.catch(() => {});
    return { deflating };
  } catch (error) {
    permits.release();
    throw error;
  }
}

/** Appends a block after the one before it. Its failure is met when the last one is awaited. */
function appendBlock(
  state: Spooling,
  before: Promise<void>,
  { deflating }: { deflating: Promise<DeflatedBlock> },
): Promise<void> {
  const append = async (): Promise<void> => {
    try {
      await before;
      const { raw, stream } = await deflating;
      await explainCache(state.session.store.dir, state.spool.writeFile(stream));
      state.compressedBytes += stream.length;
      state.payloadCrc32 = crc32(stream, state.payloadCrc32);
      state.session.onBytes(raw.length);
    } catch (error) {
      state.isBroken = true;
      throw error;
    } finally {
      state.session.permits.release();
    }
  };
  const appending = append();
  appending.catch(() => {});
  return appending;
}

function toHeader(state: Spooling, bytes: number): BlobHeader {
  const isSmaller = state.compressedBytes < bytes;
  return {
    method: isSmaller ? 8 : 0,
    crc32: state.crc32,
    sha256: state.hash.digest('hex'),
    bytes,
    compressedBytes: isSmaller ? state.compressedBytes : bytes,
    payloadCrc32: isSmaller ? state.payloadCrc32 : 0,
  };
}
