import { inflateEntry } from './inflate-entry.ts';
import { eachZipEntry, withZip, type ZipEntry } from './read-zip.ts';

/** Reads the entries that are asked for as UTF-8, by path; a link has its target for a text. Throws `NOT_A_ZIP`, `ZIP_UNSAFE`, and `ZIP_BOMB` above `maxBytes` in all. */
export function readTexts(
  path: string,
  isWanted: (entry: ZipEntry) => boolean,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, string>> {
  return withZip(path, async zip => {
    const state = { path, zip, maxBytes, signal, total: 0 };
    const texts = new Map<string, string>();
    for await (const [entry, raw] of eachZipEntry(path, zip)) {
      if (entry.kind === 'folder' || !isWanted(entry)) continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of inflateEntry(state, entry, raw)) chunks.push(chunk);
      texts.set(entry.path, Buffer.concat(chunks).toString('utf8'));
    }
    return texts;
  });
}
