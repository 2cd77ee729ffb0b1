import { SlimError } from '../errors.ts';
import { openThread } from '../util/thread.ts';
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
  const thread = openThread<EncodeJob, EncodeReply>(script, signal);
  return {
    encode: async job => {
      const reply = await thread.run(job, [job.raw.buffer]);
      if ('failure' in reply) throw new SlimError('COMPRESSOR_FAILED', [reply.failure]);
      return reply;
    },
    close: thread.close,
  };
}
