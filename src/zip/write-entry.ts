import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { SlimError } from '../errors.ts';
import type { Entry, FileEntry, LinkEntry } from '../types.ts';
import type { BlobFacts } from './blob-header.ts';
import { closeBlob } from './blob-store.ts';
import { type CompressedFile, compressFile } from './compress-file.ts';
import { BLOCK_BYTES } from './compressor.ts';
import { copyRange } from './copy-range.ts';
import { changed, readBlock, withSource } from './read-source.ts';
import { localHeader, ZIP64_SIZE, type ZipRecord } from './zip-format.ts';
import type { ZipSession } from './zip-session.ts';
import { writeToSink, type ZipSink } from './zip-sink.ts';

/** `S_IFLNK` and `S_IFREG`, which are the same on every host. */
const LINK_MODE = 0o120000 | 0o777;
const FILE_TYPE = 0o100000;

/** Compresses what an entry holds; the target of a link is stored. */
export async function compressEntry(entry: Entry, session: ZipSession): Promise<CompressedFile> {
  return entry.kind === 'link' ? storeLink(entry) : compressFile(entry, session);
}

function storeLink(entry: LinkEntry): CompressedFile {
  const data = Buffer.from(entry.target);
  return {
    facts: {
      method: 0,
      crc32: crc32(data),
      sha256: createHash('sha256').update(data).digest('hex'),
      bytes: data.length,
      compressedBytes: data.length,
    },
    payload: { kind: 'memory', data },
  };
}

/** Writes an entry's local header and its bytes, and returns what the central directory says of it. */
export async function writeEntry(
  sink: ZipSink,
  session: ZipSession,
  entry: Entry,
  compressed: CompressedFile,
): Promise<ZipRecord> {
  const { method, bytes, compressedBytes } = compressed.facts;
  const record: ZipRecord = {
    name: Buffer.from(entry.path),
    method,
    crc32: compressed.facts.crc32,
    bytes,
    compressedBytes,
    unixMode: entry.kind === 'link' ? LINK_MODE : FILE_TYPE | entry.mode,
    offset: sink.position,
  };
  if (sink.position + compressedBytes >= ZIP64_SIZE)
    throw new SlimError('ZIP_TOO_LARGE', ['The zip', '4 GiB']);
  await writeToSink(sink, localHeader(record));
  await writePayload(sink, session, entry, compressed);
  return record;
}

async function writePayload(
  sink: ZipSink,
  session: ZipSession,
  entry: Entry,
  { facts, payload }: CompressedFile,
): Promise<void> {
  if (payload.kind === 'memory') return writeToSink(sink, payload.data);
  if (payload.kind === 'source') return entry.kind === 'file' ? writeStored(sink, entry, facts) : undefined;
  const copying = copyRange(payload.file, payload.offset, facts.compressedBytes, chunk =>
    writeToSink(sink, chunk, true),
  );
  if (!(await copying))
    throw new SlimError('CACHE_UNWRITABLE', [session.store.dir, 'a file in it was cut short']);
  await closeBlob(session.store, payload.file);
}

/** Copies a file that DEFLATE cannot make smaller; it must still be what it was when it was looked at. */
async function writeStored(sink: ZipSink, entry: FileEntry, facts: BlobFacts): Promise<void> {
  const { source } = entry;
  if (source.kind === 'memory') return writeToSink(sink, source.data);
  await withSource(entry, source.path, source.mtimeMs, async open => {
    let sum = 0;
    for (let offset = 0; offset < facts.bytes; offset += BLOCK_BYTES) {
      const block = await readBlock(open, offset);
      sum = crc32(block, sum);
      await writeToSink(sink, block);
    }
    if (sum !== facts.crc32) throw changed(source.path);
  });
}
