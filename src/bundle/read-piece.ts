import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errnoOf, isMissing } from '../util/fs.ts';
import type { JobFailure, Piece } from './job-types.ts';

/** Carries a failure out of the reading. */
export class PieceError extends Error {
  readonly failure: JobFailure;

  constructor(failure: JobFailure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** A named pipe that took the file's place must not hold the build up. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Milliseconds as a float lose some of the nanoseconds. */
const MTIME_TOLERANCE_MS = 0.01;

/** Fills `into` with the bytes of a piece, from its byte `at` on. */
export type ReadInto = (into: Uint8Array, at: number) => void;

/**
 * Lets `use` read a piece, and returns the stamp of its file. Throws `PieceError` where the file is not, or does not stay, what the
 * tree says.
 */
export function withPiece(piece: Piece, use: (read: ReadInto) => void): string {
  const { source } = piece;
  if (source.kind === 'memory') {
    use((into, at) => into.set(source.data.subarray(piece.from + at, piece.from + at + into.length)));
    return '';
  }
  try {
    return withFile(piece, source.path, source.mtimeMs, use);
  } catch (error) {
    throw explain(source.path, error);
  }
}

function withFile(piece: Piece, path: string, mtimeMs: number, use: (read: ReadInto) => void): string {
  const file = openSync(path, READ_FLAGS);
  try {
    const before = fstatSync(file, { bigint: true });
    const isSame = Math.abs(Number(before.mtimeNs) / 1e6 - mtimeMs) < MTIME_TOLERANCE_MS;
    if (!before.isFile() || before.size !== BigInt(piece.size) || !isSame) throw changed(path);
    use((into, at) => {
      for (let done = 0; done < into.length; ) {
        const read = readSync(file, into, done, into.length - done, piece.from + at + done);
        if (read === 0) throw changed(path);
        done += read;
      }
    });
    const stamp = stampOf(before);
    if (stampOf(fstatSync(file, { bigint: true })) !== stamp) throw changed(path);
    return stamp;
  } finally {
    closeSync(file);
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function changed(path: string): PieceError {
  return new PieceError({ code: 'FILE_CHANGED', path });
}

function explain(path: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (error instanceof PieceError || errno === undefined) return error;
  return isMissing(error) ? changed(path) : new PieceError({ code: 'FILE_UNREADABLE', path, reason: errno });
}
