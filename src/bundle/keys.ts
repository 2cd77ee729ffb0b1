import type { BundleChunk } from './types.ts';

/** Where the pointer lies in a bundle: its folder, or a prefix in S3. */
export const POINTER_KEY = 'bundle.json';

/** Where the compressed manifest of a release lies. */
export function manifestKey(release: string): string {
  return `manifests/${release}.json.zst`;
}

/** Where a chunk lies. Its name is the hash of what is in it, so that whatever has that name need not be sent or written again. */
export function chunkKey(chunk: Pick<BundleChunk, 'compressedSha256'>): string {
  return `chunks/${chunk.compressedSha256}.zst`;
}
