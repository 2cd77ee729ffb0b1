import { mapPool } from '../../util/pool.ts';
import type { BundleChunk } from '../types.ts';
import type { Journal } from './journal.ts';
import type { Piece } from './plan-pieces.ts';
import { type ChunkReader, readChunk } from './read-chunk.ts';
import { FILES_AT_ONCE } from './tree-folders.ts';
import { writePiece } from './write-piece.ts';

export interface Fetching {
  readonly chunks: readonly BundleChunk[];
  readonly plan: ReadonlyMap<number, readonly Piece[]>;
  readonly root: string;
  readonly journal: Journal;
  readonly reader: ChunkReader;
  readonly parallel: number;
  /** Whether to begin another chunk. */
  readonly goOn: () => boolean;
  /** Told of uncompressed bytes. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Fetches chunks and writes what is in them. A chunk is in memory as a whole, and nothing of it is written before its hash is
 * right; so even one who has lost the lock without knowing writes nothing but what belongs there. False where time was up.
 */
export async function fetchChunks(fetching: Fetching): Promise<boolean> {
  const { chunks, plan, parallel, goOn } = fetching;
  const stop = new AbortController();
  const signal = AbortSignal.any([fetching.reader.signal, stop.signal]);
  const wanted = [...plan].map(([index, pieces]) => ({ index, pieces, chunk: chunks[index] as BundleChunk }));
  const rooms = makeRooms(Math.max(0, ...wanted.map(({ chunk }) => chunk.bytes)));
  const failures: unknown[] = [];
  const finished = await mapPool(wanted, parallel, async one => {
    if (failures.length > 0 || !goOn()) return false;
    try {
      await rooms.use(take => fetchOne({ ...fetching, reader: { ...fetching.reader, signal } }, one, take));
      return true;
    } catch (error) {
      // What others have begun has to end before this does.
      failures.push(error);
      stop.abort(error);
      return false;
    }
  });
  if (failures.length > 0) throw failures[0];
  return finished.every(done => done);
}

interface WantedChunk {
  readonly index: number;
  readonly pieces: readonly Piece[];
  readonly chunk: BundleChunk;
}

async function fetchOne(
  fetching: Fetching,
  { index, pieces, chunk }: WantedChunk,
  takeRoom: () => Buffer,
): Promise<void> {
  const { reader, journal, onBytes } = fetching;
  reader.signal.throwIfAborted();
  const bytes = await readChunk(reader, chunk, takeRoom);
  await writePieces(fetching, pieces, bytes);
  await journal.add(index);
  onBytes(chunk.bytes);
}

/** Memory that is used again and again, since what is given back comes back late. */
function makeRooms(roomBytes: number): { use<T>(task: (take: () => Buffer) => Promise<T>): Promise<T> } {
  const free: Buffer[] = [];
  return {
    async use(task) {
      let room: Buffer | null = null;
      const take = (): Buffer => {
        room ??= free.pop() ?? Buffer.allocUnsafeSlow(roomBytes);
        return room;
      };
      try {
        return await task(take);
      } finally {
        if (room) free.push(room);
      }
    },
  };
}

async function writePieces(
  { root, parallel, reader }: Fetching,
  pieces: readonly Piece[],
  chunk: Uint8Array,
): Promise<void> {
  await mapPool(pieces, Math.ceil(FILES_AT_ONCE / parallel), piece => {
    reader.signal.throwIfAborted();
    return writePiece(root, piece, chunk);
  });
}
