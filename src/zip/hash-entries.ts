import { createHash } from 'node:crypto';
import { inflateEntry } from './inflate-entry.ts';
import { eachZipEntry, withZip, type ZipEntry } from './read-zip.ts';

/** SHA-256 of what entries unpack to, hex, by path; of a link that of its target. Throws `NOT_A_ZIP`, `ZIP_UNSAFE`, and `ZIP_BOMB` above `maxBytes` in all. */
export function hashEntries(
  path: string,
  isWanted: (entry: ZipEntry) => boolean,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, string>> {
  return withZip(path, async zip => {
    const state = { path, zip, maxBytes, signal, total: 0 };
    const hashes = new Map<string, string>();
    for await (const [entry, raw] of eachZipEntry(path, zip)) {
      if (entry.kind === 'folder' || !isWanted(entry)) continue;
      const hash = createHash('sha256');
      for await (const chunk of inflateEntry(state, entry, raw)) hash.update(chunk);
      hashes.set(entry.path, hash.digest('hex'));
    }
    return hashes;
  });
}
