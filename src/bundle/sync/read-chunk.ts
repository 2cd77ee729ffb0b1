import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SlimError } from '../../errors.ts';
import { InflateError } from '../inflate-error.ts';
import type { BundleChunk, BundleSource, Inflate } from '../types.ts';

const MOST_TRIES = 5;
const MOST_WRONG = 2;
const FIRST_PAUSE_MS = 100;

export interface ChunkReader {
  readonly source: BundleSource;
  readonly inflate: Inflate;
  readonly signal: AbortSignal;
  /** Told of compressed bytes as they come, also of those that come again. */
  readonly onFetched: (bytes: number) => void;
}

/**
 * Reads a chunk, into the room it takes if it comes in pieces, and gives it only when its hash is right. A connection that breaks begins it anew; wrong bytes are
 * fetched once more. Throws `BUNDLE_SPOILT`, `BUNDLE_UNREACHABLE`, and what the source says it cannot do.
 */
export async function readChunk(
  reader: ChunkReader,
  chunk: BundleChunk,
  takeRoom: () => Buffer,
): Promise<Uint8Array> {
  const where = `The chunk ${chunk.compressedSha256} of ${reader.source.where}`;
  let wrong = 0;
  for (let tries = 1; ; tries++) {
    const outcome = await tryChunk(reader, chunk, takeRoom);
    if (outcome.kind === 'whole') return outcome.bytes;
    if (outcome.kind === 'wrong' && ++wrong === MOST_WRONG)
      throw new SlimError('BUNDLE_SPOILT', [where, outcome.reason]);
    if (outcome.kind === 'broken' && tries >= MOST_TRIES)
      throw new SlimError('BUNDLE_UNREACHABLE', [where, outcome.reason], { cause: outcome.cause });
    if (outcome.kind === 'broken')
      await delay(FIRST_PAUSE_MS * 2 ** tries * (0.5 + Math.random() / 2), null, { signal: reader.signal });
  }
}

type Outcome =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string; readonly cause: unknown };

async function tryChunk(
  { source, inflate, signal, onFetched }: ChunkReader,
  chunk: BundleChunk,
  takeRoom: () => Buffer,
): Promise<Outcome> {
  const hash = createHash('sha256');
  let filled = 0;
  let bytes: Uint8Array = new Uint8Array();
  let missing = 0;
  const onEnd = (bytes: number): void => {
    missing = chunk.compressedBytes - bytes;
  };
  const most = chunk.compressedBytes;
  try {
    const compressed = countBytes(source.openChunk(chunk, signal), { most, onFetched, onEnd });
    for await (const piece of inflate(compressed, chunk.bytes)) {
      if (filled + piece.length > chunk.bytes) return wrong(`it has more than ${chunk.bytes} bytes`);
      // What comes as a whole is not copied.
      if (piece.length === chunk.bytes) bytes = piece;
      else if (filled === 0) bytes = takeRoom().subarray(0, chunk.bytes);
      if (bytes !== piece) bytes.set(piece, filled);
      hash.update(piece);
      filled += piece.length;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof InflateError) return wrong(whyCut(chunk, missing) ?? error.message);
    if (error instanceof SlimError) throw error;
    return { kind: 'broken', reason: error instanceof Error ? error.message : String(error), cause: error };
  }
  if (filled < chunk.bytes)
    return wrong(whyCut(chunk, missing) ?? `it has ${filled} bytes instead of ${chunk.bytes}`);
  if (hash.digest('hex') !== chunk.sha256) return wrong('its content is not what the manifest says');
  return { kind: 'whole', bytes };
}

function whyCut({ compressedBytes }: BundleChunk, missing: number): string | null {
  return missing > 0 ? `it is cut short: ${compressedBytes - missing} of ${compressedBytes} bytes` : null;
}

function wrong(reason: string): Outcome {
  return { kind: 'wrong', reason };
}

interface Counting {
  readonly most: number;
  readonly onFetched: (bytes: number) => void;
  /** Told of how many there were, when no more come. */
  readonly onEnd: (bytes: number) => void;
}

async function* countBytes(
  pieces: AsyncIterable<Uint8Array>,
  { most, onFetched, onEnd }: Counting,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > most) throw new InflateError(`it has more than ${most} compressed bytes`);
    onFetched(piece.length);
    yield piece;
  }
  onEnd(bytes);
}
