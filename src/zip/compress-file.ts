import type { FileHandle } from 'node:fs/promises';
import type { FileEntry } from '../types.ts';
import { BLOB_HEADER_BYTES, type BlobFacts } from './blob-header.ts';
import { findBlob } from './blob-store.ts';
import { compressLarge } from './compress-large.ts';
import { compressSmall } from './compress-small.ts';
import { BLOCK_BYTES } from './compressor.ts';
import { changed, type OpenSource, readBlock, withSource } from './read-source.ts';
import { findSha256, recordSha256 } from './stat-index.ts';
import type { ZipSession } from './zip-session.ts';

/** Where the bytes lie that go into the zip; `source` is the file itself, for one that is stored. */
export type Payload =
  | { readonly kind: 'memory'; readonly data: Uint8Array }
  | { readonly kind: 'blob'; readonly file: FileHandle; readonly offset: number }
  | { readonly kind: 'source' };

export interface CompressedFile {
  readonly facts: BlobFacts;
  readonly payload: Payload;
}

/** Compresses a file, or finds it in the cache. Small files stay in memory; large ones are never wholly there. */
export async function compressFile(entry: FileEntry, session: ZipSession): Promise<CompressedFile> {
  const { source } = entry;
  if (source.kind === 'memory') {
    if (source.data.length !== entry.bytes) throw changed(entry.path);
    return compressSmall(session, async () => Uint8Array.from(source.data));
  }
  const readAtMs = Date.now();
  return withSource(entry, source.path, source.mtimeMs, async open => {
    const known = findSha256(session.index, source.path, open.stats);
    const compressed = await compressOpen(session, open, known);
    if (!known) recordSha256(session.index, source.path, open.stats, compressed.facts.sha256, readAtMs);
    return compressed;
  });
}

async function compressOpen(
  session: ZipSession,
  source: OpenSource,
  known: string | null,
): Promise<CompressedFile> {
  const bytes = Number(source.stats.size);
  const hit = known ? await findCompressed(session, known, bytes) : null;
  if (hit) return hit;
  return bytes <= BLOCK_BYTES
    ? compressSmall(session, () => readBlock(source, 0))
    : compressLarge(session, source, known);
}

/** What the cache holds for this content. */
export async function findCompressed(
  session: ZipSession,
  sha256: string,
  bytes: number,
): Promise<CompressedFile | null> {
  const blob = session.keeps ? await findBlob(session.store, sha256, bytes) : null;
  if (!blob) return null;
  session.onBytes(bytes);
  const { facts, file } = blob;
  const payload: Payload =
    facts.method === 0 ? { kind: 'source' } : { kind: 'blob', file, offset: BLOB_HEADER_BYTES };
  return { facts, payload };
}
