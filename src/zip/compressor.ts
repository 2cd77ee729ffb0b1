import type { CompressLevel } from '../types.ts';

/**
 * Files are cut into blocks of this many bytes, each compressed by itself, so that one large library uses all cores
 * and the bytes do not depend on their number. 2 MiB costs 0.07 % of size beside whole files.
 */
export const BLOCK_BYTES = 2 * 1024 * 1024;

/** libdeflate's levels; 65 MB of native code take 1.0, 2.1 and 8.1 s of one core and leave 25.73, 25.62 and 25.03 MB. */
export const DEFLATE_LEVELS = { fast: 6, best: 9, max: 12 } as const satisfies Record<CompressLevel, number>;

/** Version of the package that `deflate-worker.ts` bundles; a test holds it to the installed one. */
export const LIBDEFLATE_VERSION = '0.1.0';

/** Names everything but the content that decides the compressed bytes; part of every key of the blob cache. */
export function compressorId(level: CompressLevel): string {
  return `libdeflate-${LIBDEFLATE_VERSION}/level-${DEFLATE_LEVELS[level]}/block-${BLOCK_BYTES}/join-1`;
}
