import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from './types.ts';

/** Bytes that lie in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => {
      checkRange(offset, length, bytes.length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** Bytes of a file, read where they are asked for; `close` it when done. Throws what `fs` throws. */
export function openFileSource(path: string): ByteSource & { readonly close: () => void } {
  const fd = openSync(path, 'r');
  const { size } = fstatSync(fd);
  return {
    size,
    read: (offset, length) => {
      checkRange(offset, length, size);
      const bytes = Buffer.allocUnsafe(length);
      readExactly(fd, bytes, offset, length);
      return bytes;
    },
    readInto: (memory, offset, length) => {
      checkRange(offset, length, size);
      readExactly(fd, memory, offset, length);
    },
    close: () => closeSync(fd),
  };
}

function readExactly(fd: number, bytes: Uint8Array, offset: number, length: number): void {
  let done = 0;
  while (done < length) {
    const count = readSync(fd, bytes, done, length - done, offset + done);
    if (count === 0) throw new RangeError('the file became shorter while it was read');
    done += count;
  }
}

/** Nothing is allocated for a range that the source does not have. */
function checkRange(offset: number, length: number, size: number): void {
  const isInside = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!isInside || offset + length > size) {
    throw new RangeError(`bytes ${offset} to ${offset + length} of ${size}`);
  }
}
