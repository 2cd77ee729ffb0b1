import { Worker } from 'node:worker_threads';
import { SlimError } from '../errors.ts';

/** A thread that answers one job after another. */
export interface JobThread<Job, Reply> {
  /** Buffers in `transfer` are handed over: they are gone for the sender. */
  run(job: Job, transfer: readonly ArrayBuffer[]): Promise<Reply>;
  close(): Promise<void>;
}

/**
 * Starts a thread; `data` is what its script finds in `workerData`. Its job ends in `CANCELLED` when the signal fires, in
 * `COMPRESSOR_FAILED` when the thread fails or dies.
 */
export function openThread<Job, Reply>(
  script: URL,
  signal: AbortSignal,
  data: unknown = null,
): JobThread<Job, Reply> {
  const worker = new Worker(script, { execArgv: [], workerData: data });
  let failure: SlimError | null = null;
  // Not `Promise.race` with one that never ends, which would keep each reply for as long as the thread lives.
  let refuse: (error: SlimError) => void = () => {};
  const end = (error: SlimError): void => {
    failure ??= error;
    refuse(failure);
  };
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
    run: (job, transfer) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        refuse = reject;
        worker.once('message', resolve);
        worker.postMessage(job, [...transfer]);
      }),
    close: async () => {
      signal.removeEventListener('abort', cancel);
      await worker.terminate();
    },
  };
}
