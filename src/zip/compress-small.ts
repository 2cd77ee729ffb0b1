import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { BlobFacts } from './blob-header.ts';
import { closeBlob, explainCache, saveBlob } from './blob-store.ts';
import { type CompressedFile, findCompressed } from './compress-file.ts';
import type { ZipSession } from './zip-session.ts';

/** Compresses a file of one block in memory, unless the cache has it. */
export async function compressSmall(
  session: ZipSession,
  read: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<CompressedFile> {
  await session.permits.acquire();
  try {
    const raw = await read();
    const sha256 = createHash('sha256').update(raw).digest('hex');
    const hit = await findCompressed(session, sha256, raw.length);
    return hit ?? (await deflateSmall(session, raw, sha256));
  } finally {
    session.permits.release();
  }
}

async function deflateSmall(
  session: ZipSession,
  raw: Uint8Array<ArrayBuffer>,
  sha256: string,
): Promise<CompressedFile> {
  const facts = { sha256, bytes: raw.length, crc32: crc32(raw) };
  if (raw.length === 0) return storeInMemory(facts, raw);
  const block = await session.pool.deflate({ raw, level: session.level, isLast: true });
  session.onBytes(facts.bytes);
  const isSmaller = block.stream.length < facts.bytes;
  const compressed: CompressedFile = isSmaller
    ? {
        facts: { ...facts, method: 8, compressedBytes: block.stream.length },
        payload: { kind: 'memory', data: block.stream },
      }
    : storeInMemory(facts, block.raw);
  if (session.keeps) await keep(session, compressed.facts, isSmaller ? block.stream : new Uint8Array());
  return compressed;
}

function storeInMemory(
  facts: Pick<BlobFacts, 'sha256' | 'bytes' | 'crc32'>,
  data: Uint8Array,
): CompressedFile {
  return {
    facts: { ...facts, method: 0, compressedBytes: facts.bytes },
    payload: { kind: 'memory', data },
  };
}

async function keep(session: ZipSession, facts: BlobFacts, payload: Uint8Array): Promise<void> {
  const { store } = session;
  const blob = await saveBlob(store, facts.sha256, async file => {
    await explainCache(store.dir, file.writeFile(payload));
    return { ...facts, payloadCrc32: crc32(payload) };
  });
  await closeBlob(store, blob.file);
}
