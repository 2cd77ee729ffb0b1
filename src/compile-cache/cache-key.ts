import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';

/** Where Lambda unpacks an artifact. */
export const TASK_ROOT = '/var/task';

/**
 * Name of the file in which Node.js looks for the cache of a module of the artifact: the CRC-32 of a byte for its kind
 * (0 CommonJS, 1 ES module) and of its path or URL (`CompileCacheHandler` in Node's src/compile_cache.cc).
 */
export function cacheKey(path: string, root = TASK_ROOT): string {
  const file = `${root}/${path}`;
  const isEsModule = path.endsWith('.mjs');
  const name = isEsModule ? pathToFileURL(file).href : file;
  return crc32(name, crc32(Buffer.of(isEsModule ? 1 : 0)))
    .toString(16)
    .padStart(8, '0');
}
