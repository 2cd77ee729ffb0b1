import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { throwIfCancelled } from './cancel.ts';

/** The zip as it is written: it gathers small pieces and hashes all of them. */
export interface ZipSink {
  readonly file: FileHandle;
  readonly signal: AbortSignal;
  readonly hash: Hash;
  readonly pending: Uint8Array[];
  pendingBytes: number;
  /** Bytes so far. */
  position: number;
}

const FLUSH_BYTES = 512 * 1024;

export function openZipSink(file: FileHandle, signal: AbortSignal): ZipSink {
  return { file, signal, hash: createHash('sha256'), pending: [], pendingBytes: 0, position: 0 };
}

/** Takes bytes; they may be kept until the next flush, so `isBorrowed` ones, whose memory is used again, are written at once. */
export async function writeToSink(sink: ZipSink, bytes: Uint8Array, isBorrowed = false): Promise<void> {
  throwIfCancelled(sink.signal);
  sink.hash.update(bytes);
  sink.pending.push(bytes);
  sink.pendingBytes += bytes.length;
  sink.position += bytes.length;
  if (isBorrowed || sink.pendingBytes >= FLUSH_BYTES) await flushSink(sink);
}

/** Writes what was gathered. */
export async function flushSink(sink: ZipSink): Promise<void> {
  const [only, ...more] = sink.pending;
  const bytes = more.length === 0 ? only : Buffer.concat(sink.pending);
  sink.pending.length = 0;
  sink.pendingBytes = 0;
  if (bytes) await sink.file.writeFile(bytes);
}
