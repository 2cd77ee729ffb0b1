import { Worker } from 'node:worker_threads';
import { SlimError } from '../errors.ts';
import type { EncodedChunk } from './encode-chunk.ts';
import type { EncodeOptions } from './types.ts';

/** A chunk to encode; `raw` is handed over. */
export interface EncodeJob {
  readonly raw: Uint8Array<ArrayBuffer>;
  readonly offset: number;
  readonly options: EncodeOptions;
}

export type EncodeReply = EncodedChunk | { readonly failure: string };

/** A thread that encodes one chunk after another. */
export interface EncodeThread {
  encode(job: EncodeJob): Promise<EncodedChunk>;
  close(): Promise<void>;
}

const SCRIPT = new URL('./encode-worker.js', import.meta.url);

/** Starts a thread. Its job ends in `CANCELLED` when the signal fires, in `COMPRESSOR_FAILED` when the thread fails or dies. */
export function openEncodeThread(signal: AbortSignal, script: URL = SCRIPT): EncodeThread {
  const worker = new Worker(script, { execArgv: [] });
  let end: (error: SlimError) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  // Nobody may be waiting when it ends.
  ended.catch(() => {});
  const cancel = (): void => {
    end(new SlimError('CANCELLED', []));
    void worker.terminate();
  };
  const fail = (reason: string): void => end(new SlimError('COMPRESSOR_FAILED', [reason]));
  worker.on('error', error => fail(error.message));
  worker.on('messageerror', error => fail(error.message));
  worker.on('exit', code => fail(`a thread ended with code ${code}`));
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  return {
    encode: job => Promise.race([ended, submit(worker, job)]),
    close: async () => {
      signal.removeEventListener('abort', cancel);
      await worker.terminate();
    },
  };
}

function submit(worker: Worker, job: EncodeJob): Promise<EncodedChunk> {
  return new Promise((resolve, reject) => {
    worker.once('message', (reply: EncodeReply) => {
      if ('failure' in reply) reject(new SlimError('COMPRESSOR_FAILED', [reply.failure]));
      else resolve(reply);
    });
    worker.postMessage(job, [job.raw.buffer]);
  });
}
