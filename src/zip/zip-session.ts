import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import type { CompressLevel } from '../types.ts';
import { type BlobStore, closeBlobs } from './blob-store.ts';
import { compressorId, DEFLATE_LEVELS } from './compressor.ts';
import { type DeflatePool, openDeflatePool } from './deflate-pool.ts';
import { makePermits, type Permits } from './permits.ts';
import { pruneBlobs } from './prune-blobs.ts';
import { loadStatIndex, type StatIndex, saveStatIndex } from './stat-index.ts';

export interface ZipOptions {
  readonly level: CompressLevel;
  /** Where compressed files are kept between builds; null keeps none. */
  readonly cacheDir: string | null;
  /** A folder of this run for files that are only needed until the zip is written. */
  readonly workDir: string;
  readonly signal: AbortSignal;
  /** Threads; by default one a core, at most `MAX_WORKERS`. The bytes do not depend on it. */
  readonly workers?: number;
  /** Told of uncompressed bytes as they are done. */
  readonly onBytes?: (bytes: number) => void;
}

/** What the steps of one `writeZip` share. */
export interface ZipSession {
  /** libdeflate's. */
  readonly level: number;
  readonly pool: DeflatePool;
  /** One for each block in memory. */
  readonly permits: Permits;
  readonly store: BlobStore;
  /** False when the store is only a place to put large files down in. */
  readonly keeps: boolean;
  readonly index: StatIndex;
  /** Fires when the caller cancels, and after the first failure. */
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
  /** Awaits work whose failure is the end of the zip: all other work stops at once. */
  readonly guard: <T>(work: Promise<T>) => Promise<T>;
}

/** Each thread takes some 30 MB, and a build has to stay under 400 MB on any machine. */
const MAX_WORKERS = 4;

/** Opens cache and threads for `use`, and closes them whatever happens; the cache's index is kept only after success. */
export async function withZipSession<T>(
  options: ZipOptions,
  use: (session: ZipSession) => Promise<T>,
): Promise<T> {
  const { cacheDir } = options;
  const guarding = makeGuard(options.signal);
  const session = await openSession(options, guarding);
  try {
    const result = await use(session);
    if (cacheDir !== null) await saveStatIndex(cacheDir, session.index);
    return result;
  } catch (error) {
    throw guarding.firstCause(error);
  } finally {
    await session.pool.close();
    await closeBlobs(session.store);
    await pruneBlobs(session.store.dir, cacheDir === null ? 'all' : 'old');
  }
}

async function openSession(
  options: ZipOptions,
  { signal, guard }: Pick<ZipSession, 'signal' | 'guard'>,
): Promise<ZipSession> {
  const { cacheDir, level } = options;
  const size = Math.max(1, options.workers ?? Math.min(availableParallelism(), MAX_WORKERS));
  return {
    level: DEFLATE_LEVELS[level],
    index: await loadStatIndex(cacheDir),
    pool: openDeflatePool({ size, signal }),
    permits: makePermits(size + 3),
    store: {
      dir: join(cacheDir ?? options.workDir, 'blobs'),
      compressor: compressorId(level),
      open: new Set(),
    },
    keeps: cacheDir !== null,
    signal,
    guard,
    onBytes: options.onBytes ?? (() => {}),
  };
}

/** A signal that also fires at the first failure, and the memory of that failure: what it stops only says `CANCELLED`. */
function makeGuard(outer: AbortSignal) {
  const stop = new AbortController();
  let first: { readonly error: unknown } | null = null;
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      first ??= { error };
      stop.abort();
      throw error;
    }
  };
  const firstCause = (error: unknown): unknown =>
    first && error instanceof SlimError && error.code === 'CANCELLED' ? first.error : error;
  return { guard, firstCause, signal: AbortSignal.any([outer, stop.signal]) };
}
