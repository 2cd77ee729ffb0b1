import type { StripPlan } from './plan-strip.ts';
import { CHUNK_BYTES, readChunk } from './read-chunk.ts';
import type { ByteSource } from './types.ts';

/** Takes bytes of the new file, to be done with at once; what it is never given is zero. */
export type Sink = (bytes: Uint8Array, at: number) => void;

/** Used again by every chunk of every file: memory that comes and goes by the MiB makes the collector run. */
const SCRATCH = Buffer.allocUnsafe(CHUNK_BYTES);

/** Copies what stays in chunks of at most 1 MiB, then the new headers over it. */
export function writeStripped(plan: StripPlan, source: ByteSource, sink: Sink): void {
  for (const { from, to, bytes } of plan.moves) {
    for (let done = 0; done < bytes; done += CHUNK_BYTES) {
      sink(readChunk(source, SCRATCH, from + done, Math.min(CHUNK_BYTES, bytes - done)), to + done);
    }
  }
  for (const { at, bytes } of plan.patches) sink(bytes, at);
}
