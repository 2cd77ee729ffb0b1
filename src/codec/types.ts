import type { Arch, CompressLevel } from '../types.ts';

export const LIBRARY_FORMATS = ['zstd', 'brotli', 'xz'] as const;
/** How a library travels. The runtime decides: each of them inflates one of these without help. */
export type LibraryFormat = (typeof LIBRARY_FORMATS)[number];

export const BRANCH_FILTERS = ['x86', 'arm64'] as const;
/** What was done to the code before it was compressed; whoever inflates it has to undo it. */
export type BranchFilter = (typeof BRANCH_FILTERS)[number];

/** A part of a library that inflates by itself. */
export interface LibraryChunk {
  /** Place in the inflated file, bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** Place in the blob, bytes. */
  readonly at: number;
  readonly compressedBytes: number;
  /** Of the inflated bytes, filter undone. */
  readonly crc32: number;
  readonly format: LibraryFormat;
  /** Null where there is none, and for xz, whose container names its own filters. */
  readonly filter: BranchFilter | null;
}

/** Where the bytes of a library come from; a `ByteSource` is one. */
export interface LibrarySource {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

export interface EncodeOptions {
  readonly format: LibraryFormat;
  /** CPU of the library; it decides the branch filter. */
  readonly arch: Arch;
  /** False where what inflates the library cannot undo our branch filters. xz's own x86 filter needs nobody's help and stays. */
  readonly branchFilter: boolean;
  readonly level: CompressLevel;
}

export interface EncodeContext {
  /** Where encoded libraries are kept between builds; null keeps none. */
  readonly cacheDir: string | null;
  /** A folder of this run, for blobs when none are kept. */
  readonly workDir: string;
  readonly signal: AbortSignal;
  /** Threads; by default one a core. The bytes do not depend on it. */
  readonly workers?: number;
  /** Told of uncompressed bytes as they are done. */
  readonly onBytes?: (bytes: number) => void;
}

/** A library that was encoded. Sizes are bytes. */
export interface EncodedLibrary {
  /** Of the blob, on this machine. */
  readonly path: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** Of the library itself, hex. */
  readonly sha256: string;
  readonly chunks: readonly LibraryChunk[];
}
