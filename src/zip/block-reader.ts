import { close, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

/** A directory is read in thousands of pieces of some bytes; each costs much more than its bytes. */
const BLOCK_BYTES = 64 * 1024;

/** Reads the file open as `fd` in blocks, of which the last one is kept. Closes it at the end. */
export class BlockReader extends RandomAccessReader {
  readonly #fd: number;
  #isClosed = false;
  #start = 0;
  #block = Buffer.alloc(0);

  constructor(fd: number) {
    super();
    this.#fd = fd;
  }

  /** Not a stream of files, which would close `fd` when it is left early. */
  override _readStreamForRange(start: number, end: number): Readable {
    const fd = this.#fd;
    let position = start;
    return new Readable({
      read() {
        const length = Math.min(BLOCK_BYTES, end - position);
        if (length <= 0) {
          this.push(null);
          return;
        }
        read(fd, Buffer.allocUnsafe(length), 0, length, position, (error, bytesRead, chunk) => {
          position += bytesRead;
          if (error) this.destroy(error);
          else this.push(bytesRead === 0 ? null : chunk.subarray(0, bytesRead));
        });
      },
    });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (length >= BLOCK_BYTES) {
      read(this.#fd, buffer, offset, length, position, (error, bytesRead) =>
        callback(error ?? (bytesRead < length ? new Error('unexpected EOF') : null)),
      );
      return;
    }
    const error = this.#copy(buffer, offset, length, position);
    setImmediate(callback, error);
  }

  #copy(buffer: Buffer, offset: number, length: number, position: number): Error | null {
    try {
      if (position < this.#start || position + length > this.#start + this.#block.length) {
        const block = Buffer.allocUnsafe(BLOCK_BYTES);
        this.#block = block.subarray(0, readSync(this.#fd, block, 0, BLOCK_BYTES, position));
        this.#start = position;
      }
      const at = position - this.#start;
      const copied = this.#block.copy(buffer, offset, at, at + length);
      return copied < length ? new Error('unexpected EOF') : null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Once, whether yauzl or its caller comes first. */
  override close(callback: (error: Error | null) => void): void {
    if (this.#isClosed) {
      callback(null);
      return;
    }
    this.#isClosed = true;
    close(this.#fd, callback);
  }
}
