import { parentPort } from 'node:worker_threads';
import { encodeChunk } from './encode-chunk.ts';
import type { EncodeJob, EncodeReply } from './encode-thread.ts';

parentPort?.on('message', async (job: EncodeJob) => {
  const reply = await encode(job);
  parentPort?.postMessage(reply, 'failure' in reply ? [] : [reply.data.buffer]);
});

async function encode({ raw, offset, options }: EncodeJob): Promise<EncodeReply> {
  try {
    return await encodeChunk(raw, offset, options);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
