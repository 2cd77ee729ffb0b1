import { inflateEntry } from './inflate-entry.ts';
import { eachZipEntry, withZip, type ZipEntry } from './read-zip.ts';

export interface ReadBounds {
  /** Of all that is read together, bytes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * What `take` makes of the content of each entry that is asked for, by path; a link has its target for content, a folder none. Throws
 * `NOT_A_ZIP`, `ZIP_UNSAFE`, and `ZIP_BOMB` above `maxBytes`.
 */
export function readEach<T>(
  path: string,
  isWanted: (entry: ZipEntry) => boolean,
  { maxBytes, signal }: ReadBounds,
  take: (content: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  return withZip(path, async zip => {
    const state = { path, zip, maxBytes, signal, total: 0 };
    const taken = new Map<string, T>();
    for await (const [entry, raw] of eachZipEntry(path, zip)) {
      if (entry.kind === 'folder' || !isWanted(entry)) continue;
      taken.set(entry.path, await take(inflateEntry(state, entry, raw)));
    }
    return taken;
  });
}
