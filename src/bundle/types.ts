/** A file of a release. Its bytes begin at `offset` of the chunk with this index, and run on through the chunks after it. */
export interface BundleFile {
  /** Relative, `/` separated, no `.` or `..` segment. */
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Index in `chunks`; 0 for an empty file. */
  readonly chunk: number;
  /** Bytes into the uncompressed chunk. */
  readonly offset: number;
}

export interface BundleLink {
  readonly path: string;
  /** Relative to the folder of `path`; never leaves the release. */
  readonly target: string;
}

/** At most 32 MiB of content, known by it; `chunkKey` tells where it lies. Sizes are bytes. */
export interface BundleChunk {
  /** Of the uncompressed bytes, hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** Of the compressed bytes, hex. */
  readonly compressedSha256: string;
}

/** All there is to a release. The SHA-256 of its JSON is the release's id. */
export interface BundleManifest {
  readonly schema: 1;
  readonly name: string;
  /** What compressed the chunks, and how: `zstd-wasm-0.0.27/1`. Chunks of another encoder are not taken over. */
  readonly encoder: string;
  /** Sorted by code unit of `path`, as the links are. No path is there twice, and none lies below a file or a link. */
  readonly files: readonly BundleFile[];
  readonly links: readonly BundleLink[];
  /** One may be listed more than once, where a file has the same piece twice. */
  readonly chunks: readonly BundleChunk[];
}

/** `bundle.json`, which names the release that a bundle stands for. */
export interface BundlePointer {
  readonly schema: 1;
  readonly name: string;
  /** SHA-256 of the manifest's JSON, hex; it lies in `manifests/<id>.json.zst`. */
  readonly release: string;
}

/** Where a release comes from: a bundle's folder, or a prefix in S3. Both throw where a thing is missing; whoever reads checks the content. */
export interface BundleSource {
  /** For messages: a path, or `s3://…`. */
  readonly where: string;
  readPointer(): Promise<Uint8Array>;
  /** The compressed manifest. */
  readManifest(release: string): Promise<Uint8Array>;
  /** The compressed bytes of a chunk, in pieces. */
  openChunk(chunk: BundleChunk, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/**
 * Inflates one zstd frame, in pieces. An error of `compressed` comes through as it is; what is no such frame, or comes to more than
 * `maxBytes`, throws `InflateError`. Whoever calls checks that all bytes came, and that they are the right ones.
 */
export type Inflate = (compressed: AsyncIterable<Uint8Array>, maxBytes: number) => AsyncIterable<Uint8Array>;
