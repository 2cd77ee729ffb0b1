import { Worker } from 'node:worker_threads';
import { SlimError } from '../errors.ts';

/** A block to compress. `raw` is handed over: its buffer is gone for the sender until the reply brings it back. */
export interface DeflateJob {
  readonly raw: Uint8Array<ArrayBuffer>;
  readonly level: number;
  /** False when other blocks of the same file follow: then the stream is left open for them. */
  readonly isLast: boolean;
}

/** The raw deflate stream of a block, and the block itself. */
export interface DeflatedBlock {
  readonly raw: Uint8Array<ArrayBuffer>;
  readonly stream: Uint8Array<ArrayBuffer>;
}

export type DeflateReply = DeflatedBlock | { readonly failure: string };

/** Threads that compress blocks. They start when there is work for them. */
export interface DeflatePool {
  deflate(job: DeflateJob): Promise<DeflatedBlock>;
  /** Ends all threads; what is still under way fails. */
  close(): Promise<void>;
}

export interface DeflatePoolOptions {
  readonly size: number;
  readonly signal: AbortSignal;
  /** Module that each thread runs; another one only for tests of what happens when it fails. */
  readonly script?: URL;
}

interface Task {
  readonly job: DeflateJob;
  readonly resolve: (block: DeflatedBlock) => void;
  readonly reject: (error: unknown) => void;
}

interface PoolState {
  readonly script: URL;
  readonly size: number;
  readonly workers: Set<Worker>;
  readonly idle: Worker[];
  readonly running: Map<Worker, Task>;
  readonly queue: Task[];
  failure: SlimError | null;
}

const SCRIPT = new URL('./deflate-worker.js', import.meta.url);

/** Makes a pool of at most `size` threads. Its jobs end in `CANCELLED` when the signal fires, in `COMPRESSOR_FAILED` when a thread dies. */
export function openDeflatePool({ size, signal, script = SCRIPT }: DeflatePoolOptions): DeflatePool {
  const state: PoolState = {
    script,
    size,
    workers: new Set(),
    idle: [],
    running: new Map(),
    queue: [],
    failure: signal.aborted ? new SlimError('CANCELLED', []) : null,
  };
  const cancel = (): void => failPool(state, new SlimError('CANCELLED', []));
  signal.addEventListener('abort', cancel, { once: true });
  return {
    deflate: job => submit(state, job),
    close: async () => {
      signal.removeEventListener('abort', cancel);
      const ending = [...state.workers].map(worker => worker.terminate());
      failPool(state, new SlimError('CANCELLED', []));
      await Promise.all(ending);
    },
  };
}

function submit(state: PoolState, job: DeflateJob): Promise<DeflatedBlock> {
  if (state.failure) return Promise.reject(state.failure);
  return new Promise((resolve, reject) => {
    state.queue.push({ job, resolve, reject });
    if (state.idle.length === 0 && state.workers.size < state.size) startWorker(state);
    runNext(state);
  });
}

function startWorker(state: PoolState): void {
  const worker = new Worker(state.script, { execArgv: [] });
  state.workers.add(worker);
  state.idle.push(worker);
  worker.on('message', (reply: DeflateReply) => finish(state, worker, reply));
  const fail = (reason: string): void => failPool(state, new SlimError('COMPRESSOR_FAILED', [reason]));
  worker.on('error', error => fail(error.message));
  worker.on('messageerror', error => fail(error.message));
  worker.on('exit', code => fail(`a thread ended with code ${code}`));
}

function runNext(state: PoolState): void {
  const task = state.queue[0];
  if (!task) return;
  const worker = state.idle.pop();
  if (!worker) return;
  state.queue.shift();
  state.running.set(worker, task);
  worker.postMessage(task.job, [task.job.raw.buffer]);
}

function finish(state: PoolState, worker: Worker, reply: DeflateReply): void {
  const task = state.running.get(worker);
  state.running.delete(worker);
  state.idle.push(worker);
  if ('failure' in reply) task?.reject(new SlimError('COMPRESSOR_FAILED', [reply.failure]));
  else task?.resolve(reply);
  runNext(state);
}

/** The first failure ends the pool: nothing that waits for it may wait for ever. */
function failPool(state: PoolState, failure: SlimError): void {
  if (state.failure) return;
  state.failure = failure;
  for (const task of [...state.running.values(), ...state.queue]) task.reject(failure);
  state.running.clear();
  state.queue.length = 0;
  for (const worker of state.workers) void worker.terminate();
}
