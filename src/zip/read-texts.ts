import { type ReadBounds, readEach } from './read-each.ts';
import type { ZipEntry } from './read-zip.ts';

/** Reads the entries that are asked for as UTF-8, by path. Throws as `readEach` does. */
export function readTexts(
  path: string,
  isWanted: (entry: ZipEntry) => boolean,
  bounds: ReadBounds,
): Promise<ReadonlyMap<string, string>> {
  return readEach(path, isWanted, bounds, async content => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  });
}
