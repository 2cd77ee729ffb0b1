import { parentPort, workerData } from 'node:worker_threads';
import type { BundleJob, BundleReply, JobFailure, OldChunks } from './job-types.ts';
import { CHUNK_BYTES } from './limits.ts';
import { hashPieces, makeChunk } from './make-chunk.ts';
import { PieceError } from './read-piece.ts';

const old = workerData as OldChunks;
const buffer = new Uint8Array(CHUNK_BYTES);

parentPort?.on('message', async (job: BundleJob) => {
  const reply = await answer(job);
  const data = reply.kind === 'made' ? reply.made.data : null;
  parentPort?.postMessage(reply, data ? [data.buffer] : []);
});

async function answer(job: BundleJob): Promise<BundleReply> {
  try {
    if (job.kind === 'hash') return { kind: 'hashed', files: hashPieces(job.files, buffer) };
    return { kind: 'made', made: await makeChunk(job.pieces, job.level, buffer, old) };
  } catch (error) {
    return { kind: 'failed', failure: explain(error) };
  }
}

function explain(error: unknown): JobFailure {
  if (error instanceof PieceError) return error.failure;
  return { code: 'COMPRESSOR_FAILED', reason: error instanceof Error ? error.message : String(error) };
}
