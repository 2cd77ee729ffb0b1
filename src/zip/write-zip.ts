import type { ArchivedFile, Entry } from '../types.ts';
import { writeAtomic } from '../util/fs.ts';
import { checkEntries } from './check-entries.ts';
import { prefetch } from './prefetch.ts';
import { writeDirectory } from './write-directory.ts';
import { compressEntry, writeEntry } from './write-entry.ts';
import type { ZipRecord } from './zip-format.ts';
import { withZipSession, type ZipOptions, type ZipSession } from './zip-session.ts';
import { openZipSink, type ZipSink } from './zip-sink.ts';

export type { ZipOptions } from './zip-session.ts';

/** What was written. Sizes are bytes; a link counts as its target's name. */
export interface WrittenZip {
  /** Of the zip, hex. */
  readonly sha256: string;
  /** The same in base64. */
  readonly codeSha256: string;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  readonly files: number;
  readonly entries: readonly ArchivedFile[];
}

/** Entries that are compressed while an earlier one is written. */
const AHEAD = 24;

/**
 * Writes a zip whose bytes depend on nothing but the entries' paths, modes and contents and the level. It appears at `path`
 * whole or not at all. Throws `ZIP_TOO_LARGE`, `DUPLICATE_PATH` or `ARTIFACT_PATH` for entries that a plain zip cannot hold,
 * `FILE_CHANGED` or `FILE_UNREADABLE` for their sources, `OUTPUT_UNWRITABLE`, `CACHE_UNWRITABLE` and `CANCELLED`.
 */
export async function writeZip(
  path: string,
  rawEntries: readonly Entry[],
  options: ZipOptions,
): Promise<WrittenZip> {
  const entries = checkEntries(rawEntries);
  return withZipSession(options, session =>
    writeAtomic(path, file => writeAll(openZipSink(file, session.signal), entries, session)),
  );
}

async function writeAll(sink: ZipSink, entries: readonly Entry[], session: ZipSession): Promise<WrittenZip> {
  const records: ZipRecord[] = [];
  const archived: ArchivedFile[] = [];
  const compress = (entry: Entry) => session.guard(compressEntry(entry, session));
  for await (const [entry, compressed] of prefetch(entries, AHEAD, compress)) {
    records.push(await session.guard(writeEntry(sink, session, entry, compressed)));
    const { bytes, compressedBytes, sha256 } = compressed.facts;
    archived.push({ path: entry.path, bytes, compressedBytes, sha256 });
  }
  await writeDirectory(sink, records);
  const digest = sink.hash.digest();
  return {
    sha256: digest.toString('hex'),
    codeSha256: digest.toString('base64'),
    zippedBytes: sink.position,
    unzippedBytes: archived.reduce((sum, { bytes }) => sum + bytes, 0),
    files: archived.length,
    entries: archived,
  };
}
