import { createHash } from 'node:crypto';
import type { FileEntry } from '../types.ts';
import { throwIfCancelled } from '../zip/cancel.ts';
import { readBlock, withSource } from '../zip/read-source.ts';

/** SHA-256 of a file's bytes, hex. Throws `FILE_CHANGED`, `FILE_UNREADABLE`, `CANCELLED`. */
export async function digestEntry(entry: FileEntry, signal: AbortSignal): Promise<string> {
  const { source, bytes } = entry;
  const hash = createHash('sha256');
  if (source.kind === 'memory') return hash.update(source.data).digest('hex');
  await withSource(entry, source.path, source.mtimeMs, async file => {
    for (let at = 0; at < bytes; ) {
      throwIfCancelled(signal);
      const block = await readBlock(file, at);
      hash.update(block);
      at += block.length;
    }
  });
  return hash.digest('hex');
}
