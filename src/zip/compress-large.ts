import { createHash, randomUUID } from 'node:crypto';
import { BLOB_HEADER_BYTES } from './blob-header.ts';
import { saveBlob } from './blob-store.ts';
import { throwIfCancelled } from './cancel.ts';
import { type CompressedFile, findCompressed } from './compress-file.ts';
import { copyRange } from './copy-range.ts';
import { changed, explainRead, type OpenSource } from './read-source.ts';
import { spoolBlocks } from './spool-blocks.ts';
import type { ZipSession } from './zip-session.ts';

/** Compresses a file of many blocks into the store, unless the cache has it: no more of it than a few blocks is in memory. */
export async function compressLarge(
  session: ZipSession,
  source: OpenSource,
  known: string | null,
): Promise<CompressedFile> {
  const bytes = Number(source.stats.size);
  // The key of a blob is the content, so the cache can only be asked once all of it has been read.
  const sha256 = known ?? (session.keeps ? await hashSource(session, source) : null);
  const hit = sha256 && !known ? await findCompressed(session, sha256, bytes) : null;
  if (hit) return hit;
  const { facts, file } = await saveBlob(session.store, sha256 ?? randomUUID(), async spool => {
    const header = await spoolBlocks(session, source, spool);
    if (sha256 && header.sha256 !== sha256) throw changed(source.path);
    return header;
  });
  return {
    facts,
    payload: facts.method === 0 ? { kind: 'source' } : { kind: 'blob', file, offset: BLOB_HEADER_BYTES },
  };
}

async function hashSource(session: ZipSession, source: OpenSource): Promise<string> {
  const hash = createHash('sha256');
  const copying = copyRange(source.file, 0, Number(source.stats.size), async chunk => {
    throwIfCancelled(session.signal);
    hash.update(chunk);
  });
  if (!(await explainRead(source.path, copying))) throw changed(source.path);
  return hash.digest('hex');
}
