import { createHash } from 'node:crypto';
import { type ReadBounds, readEach } from './read-each.ts';
import type { ZipEntry } from './read-zip.ts';

/** SHA-256 of what entries unpack to, hex, by path. Throws as `readEach` does. */
export function hashEntries(
  path: string,
  isWanted: (entry: ZipEntry) => boolean,
  bounds: ReadBounds,
): Promise<ReadonlyMap<string, string>> {
  return readEach(path, isWanted, bounds, async content => {
    const hash = createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    return hash.digest('hex');
  });
}
