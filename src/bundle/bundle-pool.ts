import { availableParallelism } from 'node:os';
import { SlimError } from '../errors.ts';
import { type JobThread, openThread } from '../util/thread.ts';
import type {
  BundleJob,
  BundleReply,
  JobFailure,
  MadeChunk,
  OldChunks,
  Piece,
  ReadPiece,
} from './job-types.ts';

/** Threads that hash and compress. They start when there is work for them. */
export interface BundlePool {
  /** Jobs to hand in at a time, so that no thread waits while results are written. */
  readonly width: number;
  hash(files: readonly Piece[]): Promise<readonly ReadPiece[]>;
  make(pieces: readonly Piece[], level: number): Promise<MadeChunk>;
}

export interface PoolOptions {
  readonly signal: AbortSignal;
  /** Threads; by default one a core. */
  readonly workers?: number;
}

/** Each thread takes some 130 MB: a chunk, and the compressor with its copy. */
const MAX_WORKERS = 8;
const SCRIPT = new URL('./bundle-worker.js', import.meta.url);

type Thread = JobThread<BundleJob, BundleReply>;

/** Opens threads for `use`, and closes them whatever happens. Their jobs end in `CANCELLED` when the signal fires. */
export async function withBundlePool<T>(
  old: OldChunks,
  options: PoolOptions,
  use: (pool: BundlePool) => Promise<T>,
): Promise<T> {
  const size = Math.max(1, options.workers ?? Math.min(availableParallelism(), MAX_WORKERS));
  const threads: Thread[] = [];
  const idle: Thread[] = [];
  const waiting: ((thread: Thread) => void)[] = [];
  const take = (): Thread | Promise<Thread> => {
    const free = idle.pop();
    if (free) return free;
    if (threads.length >= size) return new Promise(resolve => waiting.push(resolve));
    const thread: Thread = openThread(SCRIPT, options.signal, old);
    threads.push(thread);
    return thread;
  };
  const run = async (job: BundleJob): Promise<BundleReply> => {
    const thread = await take();
    const reply = await thread.run(job, []);
    const next = waiting.shift();
    if (next) next(thread);
    else idle.push(thread);
    return reply;
  };
  try {
    return await use(makePool(size, run));
  } finally {
    await Promise.all(threads.map(thread => thread.close()));
  }
}

function makePool(size: number, run: (job: BundleJob) => Promise<BundleReply>): BundlePool {
  return {
    width: size + 2,
    hash: async files => {
      const reply = await run({ kind: 'hash', files });
      return reply.kind === 'hashed' ? reply.files : refuse(reply);
    },
    make: async (pieces, level) => {
      const reply = await run({ kind: 'chunk', pieces, level });
      return reply.kind === 'made' ? reply.made : refuse(reply);
    },
  };
}

function refuse(reply: BundleReply): never {
  throw reply.kind === 'failed' ? toError(reply.failure) : new Error(`a thread answered ${reply.kind}`);
}

function toError(failure: JobFailure): SlimError {
  switch (failure.code) {
    case 'FILE_CHANGED':
      return new SlimError('FILE_CHANGED', [failure.path]);
    case 'FILE_UNREADABLE':
      return new SlimError('FILE_UNREADABLE', [failure.path, failure.reason]);
    case 'COMPRESSOR_FAILED':
      return new SlimError('COMPRESSOR_FAILED', [failure.reason]);
  }
}
