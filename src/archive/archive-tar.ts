import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import type { Archiver } from 'archiver';
import { SlimError } from '../errors.ts';
import type { CompressLevel, Context, FileEntry } from '../types.ts';
import { sumBytes } from '../util/entry-bytes.ts';
import { errnoOf } from '../util/fs.ts';
import { compareCodeUnits, whyRefused } from '../util/path.ts';
import { type GzippedFile, gzipFile } from './gzip-file.ts';

export interface TarOptions {
  /** Where the archive goes; what is there is replaced once the new one is whole. */
  readonly outPath: string;
  readonly level: CompressLevel;
}

/** A `.tar.gz` that was written. Sizes are bytes. */
export interface TarArtifact extends GzippedFile {
  readonly path: string;
  readonly unpackedBytes: number;
  readonly files: number;
}

const EPOCH = new Date(0);

/**
 * Writes files as a `.tar.gz`: sorted, at the root, with owner 0, time 0 and modes 0644 or 0755, so that the same files give the same
 * bytes everywhere. Throws `ARTIFACT_PATH`, `DUPLICATE_PATH`, `FILE_UNREADABLE`, `FILE_CHANGED`, and what `gzipFile` throws.
 */
export async function archiveTar(
  entries: readonly FileEntry[],
  { outPath, level }: TarOptions,
  { signal, progress }: Context,
): Promise<TarArtifact> {
  const sorted = [...entries].sort((a, b) => compareCodeUnits(a.path, b.path));
  checkPaths(sorted);
  const unpackedBytes = sumBytes(sorted);
  progress.start('compress', unpackedBytes);
  const onBytes = (amount: number): void => progress.tick(amount);
  const written = await gzipFile(outPath, openTar(sorted), { level, signal, onBytes });
  progress.done();
  return { ...written, path: outPath, unpackedBytes, files: sorted.length };
}

function checkPaths(sorted: readonly FileEntry[]): void {
  for (const [index, { path }] of sorted.entries()) {
    const reason = whyRefused(path);
    if (reason !== null) throw new SlimError('ARTIFACT_PATH', [path, reason]);
    if (sorted[index - 1]?.path === path) throw new SlimError('DUPLICATE_PATH', [path]);
  }
}

/**
 * The tar as it is made: one file is read at a time, and only as fast as somebody takes it. archiver is never ended before its time,
 * since streams of its own then throw where nobody can catch it: it is let go of.
 */
async function* openTar(entries: readonly FileEntry[]): AsyncGenerator<Uint8Array> {
  const { TarArchive } = await import('archiver');
  const archive = new TarArchive();
  const tar = archive.pipe(new PassThrough());
  feed(archive, tar, entries).catch((error: unknown) => {
    archive.unpipe(tar);
    tar.destroy(error as Error);
  });
  try {
    yield* tar as AsyncIterable<Uint8Array>;
  } finally {
    archive.unpipe(tar);
  }
}

/** Appends one file after the other; archiver's own queue would open them in an order of its own. */
async function feed(archive: Archiver, tar: PassThrough, entries: readonly FileEntry[]): Promise<void> {
  for (const entry of entries) {
    if (tar.destroyed) return;
    await append(archive, tar, entry);
  }
  await archive.finalize();
}

/** An error of reading is told here and not to archiver. */
async function append(archive: Archiver, tar: PassThrough, entry: FileEntry): Promise<void> {
  const stats = { size: entry.bytes } as Stats;
  let source: Readable | undefined;
  const stop = (): void => void source?.destroy();
  tar.once('close', stop);
  await new Promise<void>((resolve, reject) => {
    source = Readable.from(stallOnError(readEntry(entry), reject), { objectMode: false });
    archive.once('entry', () => resolve());
    archive.append(source, { name: entry.path, date: EPOCH, mode: entry.mode, stats });
  }).finally(stop);
  tar.off('close', stop);
}

async function* stallOnError(
  chunks: AsyncIterable<Uint8Array>,
  onError: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    onError(error);
    await new Promise(() => {});
  }
}

/** Gives exactly the bytes that the entry was said to have: a tar with one byte more or less is another tar. */
async function* readEntry({ path, source, bytes }: FileEntry): AsyncGenerator<Uint8Array> {
  if (source.kind === 'memory') return yield source.data;
  let read = 0;
  try {
    const stats = await stat(source.path);
    if (stats.size !== bytes) throw new SlimError('FILE_CHANGED', [source.path]);
    for await (const chunk of createReadStream(source.path, { highWaterMark: 1 << 20 })) {
      read += (chunk as Buffer).length;
      if (read > bytes) throw new SlimError('FILE_CHANGED', [source.path]);
      yield chunk as Buffer;
    }
  } catch (error) {
    if (error instanceof SlimError) throw error;
    throw new SlimError('FILE_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  }
  if (read !== bytes) throw new SlimError('FILE_CHANGED', [source.path]);
}
