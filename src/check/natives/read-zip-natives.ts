import { closeSync, createWriteStream, openSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LibraryIndexReading } from '../../codec/library-index.ts';
import { isElfHead, mayBeNative } from '../../elf/may-be-native.ts';
import { readBytesNative, readFileNative } from '../../elf/read-file-native.ts';
import { SlimError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import type { NativeEntry, NativeLink } from '../../types.ts';
import { withTempDir } from '../../util/fs.ts';
import { mapPool } from '../../util/pool.ts';
import { throwIfCancelled } from '../../zip/cancel.ts';
import { type Inflating, inflateEntry } from '../../zip/inflate-entry.ts';
import { peekEntry } from '../../zip/peek-entry.ts';
import { readWholeEntry } from '../../zip/read-small-entry.ts';
import { eachZipEntry, type ReadEntry, withZip, type ZipEntry } from '../../zip/read-zip.ts';
import { COMPRESSED_INDEX, listCompressed, readCompressedIndex } from './compressed-index.ts';
import type { Inspected } from './inspected.ts';

/** Libraries up to this size are inflated in memory, larger ones into the temporary folder, bytes. */
const MAX_MEMORY_BYTES = 128 * 1024 * 1024;

/** So many are inflated at a time, on threads of Node.js. */
const AT_ONCE = 2;

/** What no function comes near, so that a zip bomb ends here, bytes. */
const MAX_TOTAL_BYTES = 4 * 1024 ** 3;

/** Of a file that is no ELF file only the start tells what it is, bytes. */
const HEAD_BYTES = 64 * 1024;

const MAX_TARGET_BYTES = 4096;

interface Reading {
  readonly files: NativeEntry[];
  readonly links: NativeLink[];
  readonly findings: Finding[];
  libraries: LibraryIndexReading | null;
}

type Chunks = AsyncIterable<Uint8Array>;

interface Source {
  readonly fd: number;
  readonly state: Inflating;
  readonly inflate: () => Chunks;
}

/** Nobody gives a library such a name, and thousands of files in an artifact have one; they are not even looked at. */
const TEXT = /\.(?:[cm]?[jt]sx?|map|json|py[ci]?|md|txt|html?|css|csv|xml|ya?ml|rst|hpp|[ch]|svg)$/i;

/**
 * Reads the native files of a zip that anybody may have made, a few at a time; `isSound` says which entries are not to be
 * touched. What turns out to be damaged is a finding. Throws `NOT_A_ZIP`, `CANCELLED`.
 */
export function readZipNatives(
  path: string,
  isSound: (entry: ZipEntry) => boolean,
  signal: AbortSignal,
): Promise<Pick<Inspected, 'natives' | 'libraries' | 'findings'>> {
  return withZip(path, async zip => {
    const fd = openSync(path, 'r');
    const state: Inflating = { path, zip, maxBytes: MAX_TOTAL_BYTES, signal, total: 0 };
    const reading: Reading = { files: [], links: [], findings: [], libraries: null };
    try {
      const pairs: ReadEntry[] = [];
      for await (const pair of eachZipEntry(path, zip)) if (isSound(pair[0])) pairs.push(pair);
      const order = new Map(pairs.map(([entry], index) => [entry.path, index]));
      await mapPool(pairs, AT_ONCE, async ([entry, raw]) => {
        throwIfCancelled(signal);
        await readEntry(entry, { fd, state, inflate: () => inflateEntry(state, entry, raw) }, reading);
      });
      return toResult(reading, order);
    } finally {
      closeSync(fd);
    }
  });
}

/** In the order of the directory, whichever was read first. */
function toResult(
  { files, links, findings, libraries }: Reading,
  order: ReadonlyMap<string, number>,
): Pick<Inspected, 'natives' | 'libraries' | 'findings'> {
  const indexOf = (each: object): number => ('path' in each ? (order.get(String(each.path)) ?? 0) : 0);
  const sorted = <T extends object>(list: readonly T[]): readonly T[] =>
    [...list].sort((a, b) => indexOf(a) - indexOf(b));
  const compressed = listCompressed(libraries);
  return {
    natives: { files: sorted(files), links: sorted(links), compressed },
    libraries,
    findings: sorted(findings),
  };
}

async function readEntry(entry: ZipEntry, source: Source, reading: Reading): Promise<void> {
  const { fd, inflate } = source;
  if (entry.kind === 'folder' || entry.kind === 'other') return;
  try {
    if (entry.kind === 'link') {
      if (entry.bytes > MAX_TARGET_BYTES) return;
      reading.links.push({ path: entry.path, target: (await collect(inflate())).toString() });
    } else if (entry.path === COMPRESSED_INDEX) {
      const load = async (): Promise<string> => (await collect(inflate())).toString();
      reading.libraries = await readCompressedIndex(entry.bytes, load);
    } else {
      const head = TEXT.test(entry.path) ? null : peekEntry(fd, entry);
      const native = await readNative(entry, head ?? new Uint8Array(), source);
      if (native)
        reading.files.push({ path: entry.path, bytes: entry.bytes, mode: entry.mode & 0o777, native });
    }
  } catch (error) {
    if (!(error instanceof SlimError) || (error.code !== 'ZIP_UNSAFE' && error.code !== 'ZIP_BOMB'))
      throw error;
    const reason = error.message.replace(/^.*?: |\.$/gs, '');
    reading.findings.push({ code: 'ENTRY_UNREADABLE', level: 'error', path: entry.path, reason });
  }
}

async function readNative(
  entry: ZipEntry,
  head: Uint8Array,
  { fd, state, inflate }: Source,
): Promise<NativeEntry['native'] | null> {
  if (!mayBeNative(entry.path, head)) return null;
  if (!isElfHead(head)) return readBytesNative(entry.path, await collect(inflate(), HEAD_BYTES));
  if (state.total + entry.bytes <= state.maxBytes) {
    const whole = await readWholeEntry(fd, entry, MAX_MEMORY_BYTES);
    state.total += entry.bytes;
    if (whole?.ok) return readBytesNative(entry.path, whole.bytes);
  }
  return withTempDir(async dir => {
    const file = join(dir, 'library');
    await pipeline(Readable.from(inflate()), createWriteStream(file));
    return readFileNative(entry.path, file);
  });
}

/** All bytes, or those that came until there were `enough` of them. */
async function collect(chunks: Chunks, enough = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes >= enough) break;
  }
  return Buffer.concat(parts);
}
