import type { Source } from '../types.ts';
import type { BundleChunk } from './types.ts';

/** Bytes of a source, `from` that offset on. */
export interface Piece {
  readonly source: Source;
  /** Of the whole source. */
  readonly size: number;
  readonly from: number;
  readonly bytes: number;
}

/** What a thread does: hash files, or make a chunk of pieces, which together have at most `CHUNK_BYTES`. */
export type BundleJob =
  | { readonly kind: 'hash'; readonly files: readonly Piece[] }
  | { readonly kind: 'chunk'; readonly pieces: readonly Piece[]; readonly level: number };

/** What was read of a source. */
export interface ReadPiece {
  /** Of the piece, hex. */
  readonly sha256: string;
  /** Tells a file that was written to from one that was not; of bytes in memory, empty. */
  readonly stamp: string;
}

export interface MadeChunk {
  readonly chunk: BundleChunk;
  readonly pieces: readonly ReadPiece[];
  /** Compressed; null where the bundle that is replaced has the chunk already. */
  readonly data: Uint8Array<ArrayBuffer> | null;
}

export type JobFailure =
  | { readonly code: 'FILE_CHANGED'; readonly path: string }
  | { readonly code: 'FILE_UNREADABLE'; readonly path: string; readonly reason: string }
  | { readonly code: 'COMPRESSOR_FAILED'; readonly reason: string };

export type BundleReply =
  | { readonly kind: 'hashed'; readonly files: readonly ReadPiece[] }
  | { readonly kind: 'made'; readonly made: MadeChunk }
  | { readonly kind: 'failed'; readonly failure: JobFailure };

/** What a thread knows of the bundle that is replaced. */
export interface OldChunks {
  readonly dir: string;
  /** By SHA-256 of the uncompressed bytes. */
  readonly chunks: ReadonlyMap<string, BundleChunk>;
}
