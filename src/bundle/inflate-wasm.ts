import { measureZstd } from '../codec/measure-zstd.ts';
import { decodeZstd } from '../codec/zstd.ts';
import { DAMAGED, InflateError } from './inflate-error.ts';
import { maxCompressedBytes } from './limits.ts';
import type { Inflate } from './types.ts';

/** What `measureZstd` looks at. */
const HEADER_BYTES = 18;

/** Rooms of chunks that were inflated, for the next ones, since new ones would lie about until they are collected. */
const rooms: Uint8Array[] = [];

/** Inflates with the codec's zstd, which takes and gives a chunk as a whole: for a Node.js before 22.15. */
export const wasmInflate: Inflate = async function* (compressed, maxBytes) {
  const most = maxCompressedBytes(maxBytes);
  const room = takeRoom(most);
  try {
    const data = room.subarray(0, await gather(compressed, room.subarray(0, most)));
    const bytes = measureZstd(data.length < HEADER_BYTES ? pad(data) : data);
    if (bytes === null) throw new InflateError('it is no zstd frame that says its size');
    if (bytes > maxBytes) throw new InflateError(`it comes to ${bytes} bytes, more than ${maxBytes}`);
    yield await decode(data);
  } finally {
    rooms.push(room);
  }
};

function takeRoom(bytes: number): Uint8Array {
  const room = rooms.pop();
  return room && room.length >= bytes ? room : new Uint8Array(bytes);
}

/** Gives the number of bytes that it put into the room. */
async function gather(compressed: AsyncIterable<Uint8Array>, room: Uint8Array): Promise<number> {
  let bytes = 0;
  for await (const piece of compressed) {
    if (bytes + piece.length > room.length)
      throw new InflateError(`it has more than ${room.length} compressed bytes`);
    room.set(piece, bytes);
    bytes += piece.length;
  }
  return bytes;
}

function pad(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(HEADER_BYTES);
  padded.set(data);
  return padded;
}

async function decode(data: Uint8Array): Promise<Uint8Array> {
  try {
    return await decodeZstd(data);
  } catch (error) {
    throw new InflateError(DAMAGED, { cause: error });
  }
}
