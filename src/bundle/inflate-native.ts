import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { errnoOf } from '../util/fs.ts';
import { DAMAGED, InflateError } from './inflate-error.ts';
import type { Inflate } from './types.ts';

/** What node:zlib has from 22.15 on. */
interface ZstdOfNode {
  readonly createZstdDecompress: (options: {
    readonly chunkSize: number;
    readonly params: Readonly<Record<number, number>>;
  }) => Transform;
  readonly constants: { readonly ZSTD_d_windowLogMax: number };
}

const PIECE_BYTES = 256 * 1024;
/** 32 MiB, a whole chunk: what a frame may make the decoder keep. */
const MAX_WINDOW_LOG = 25;

/** The zstd of this Node.js, which takes no more memory than the frame's window; null where it has none. */
export const nativeInflate: Inflate | null = makeNativeInflate(zlib as unknown as Partial<ZstdOfNode>);

function makeNativeInflate({ createZstdDecompress, constants }: Partial<ZstdOfNode>): Inflate | null {
  if (!createZstdDecompress || !constants) return null;
  const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
  return (compressed, maxBytes) =>
    inflateThrough(createZstdDecompress({ chunkSize: PIECE_BYTES, params }), compressed, maxBytes);
}

async function* inflateThrough(
  decoder: Transform,
  compressed: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const feeding = pipeline(compressed, decoder);
  // It is awaited below, unless the reading fails before.
  feeding.catch(() => {});
  let bytes = 0;
  try {
    for await (const piece of decoder as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new InflateError(`it comes to more than ${maxBytes} bytes`);
      yield piece;
    }
    await feeding;
  } catch (error) {
    throw isOfDecoder(error) ? new InflateError(DAMAGED, { cause: error }) : error;
  } finally {
    decoder.destroy();
  }
}

function isOfDecoder(error: unknown): boolean {
  return /^(?:ZSTD_|Z_)/.test(errnoOf(error) ?? '');
}
