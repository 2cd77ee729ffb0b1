import { chunkKey, manifestKey, POINTER_KEY } from './keys.ts';
import { MAX_MANIFEST_BYTES, MAX_POINTER_BYTES, maxCompressedBytes } from './limits.ts';
import type { BundleSource } from './types.ts';

/** Objects below a prefix. What is missing throws `BUNDLE_MISSING`; a connection that breaks, any error that is no `SlimError`. */
export interface ObjectReader {
  /** For messages: `s3://bucket/prefix`. */
  readonly where: string;
  /** Throws where it has more than `maxBytes`. */
  read(key: string, maxBytes: number): Promise<Uint8Array>;
  open(key: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** The bundle below a prefix in S3. */
export function openObjectsSource(objects: ObjectReader): BundleSource {
  return {
    where: objects.where,
    readPointer: () => objects.read(POINTER_KEY, MAX_POINTER_BYTES),
    readManifest: release => objects.read(manifestKey(release), maxCompressedBytes(MAX_MANIFEST_BYTES)),
    openChunk: (chunk, signal) => objects.open(chunkKey(chunk), signal),
  };
}
