import { crc32 } from 'node:zlib';
import type * as yauzl from 'yauzl';
import { SlimError } from '../errors.ts';
import { throwIfCancelled } from './cancel.ts';
import type { ZipEntry } from './read-zip.ts';

/** A zip that is being unpacked. */
export interface Inflating {
  readonly path: string;
  readonly zip: yauzl.ZipFile;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Bytes that came out so far. */
  total: number;
}

/** Gives an entry's bytes as they come; throws as soon as there are more of them than it claims or than are allowed, or when they are not the right ones. */
export async function* inflateEntry(
  state: Inflating,
  entry: ZipEntry,
  raw: yauzl.Entry,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let sum = 0;
  for await (const chunk of readChunks(state, entry, raw)) {
    throwIfCancelled(state.signal);
    bytes += chunk.length;
    state.total += chunk.length;
    checkAmount(state, entry, bytes);
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (bytes !== entry.bytes) throw unsafe(state, entry, `holds ${bytes} bytes instead of ${entry.bytes}`);
  if (sum !== entry.crc32) throw unsafe(state, entry, 'does not match its check sum');
}

async function* readChunks(state: Inflating, entry: ZipEntry, raw: yauzl.Entry): AsyncGenerator<Uint8Array> {
  try {
    const stream: AsyncIterable<Uint8Array> = await state.zip.openReadStreamPromise(raw);
    yield* stream;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlimError('ZIP_UNSAFE', [state.path, entry.path, `cannot be inflated (${reason})`], {
      cause: error,
    });
  }
}

function checkAmount({ path, maxBytes, total }: Inflating, entry: ZipEntry, bytes: number): void {
  if (bytes > entry.bytes) {
    const lie = `its entry ${JSON.stringify(entry.path)} holds more than the ${entry.bytes} bytes it claims`;
    throw new SlimError('ZIP_BOMB', [path, lie]);
  }
  if (total > maxBytes)
    throw new SlimError('ZIP_BOMB', [path, `it holds more than the ${maxBytes} bytes allowed`]);
}

function unsafe(state: Inflating, entry: ZipEntry, reason: string): SlimError {
  return new SlimError('ZIP_UNSAFE', [state.path, entry.path, reason]);
}
