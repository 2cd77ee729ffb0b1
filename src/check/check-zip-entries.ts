import { posix } from 'node:path';
import type { Finding } from '../findings.ts';
import { compareCodeUnits } from '../util/path.ts';
import { isClosed } from '../zip/is-closed.ts';
import type { ZipDirectory, ZipEntry } from '../zip/read-zip.ts';

/** Fixed parts of a local header, a header in the directory, and the end record, bytes (APPNOTE 4.3.7, 4.3.12, 4.3.16). */
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_RECORD_BYTES = 22;

/** DEFLATE cannot do better than 1032 to 1 (RFC 1951: 258 bytes in 2 bits). */
const MAX_DEFLATE_RATIO = 1032;

/** What DEFLATE adds to data that it cannot shrink, beside one percent at most. */
const MAX_OVERHEAD_BYTES = 1024;

/** `version made by` of writers that use ZIP64 as a matter of course. */
const ZIP64_FLAVOUR = 45;

/** Finds what Lambda would refuse or unpack wrongly, by the directory alone: nothing is inflated, so a bomb costs nothing. */
export function checkZipEntries(directory: ZipDirectory): readonly Finding[] {
  const { duplicates, entries, zippedBytes } = directory;
  const escaping = directory.escaping.filter(leadsOut);
  const overlapping = findOverlapping(entries);
  const dataEnd = zippedBytes - END_RECORD_BYTES - CENTRAL_HEADER_BYTES * entries.length;
  const unreadable = entries.flatMap((entry): Finding[] => {
    const reason = whyUnreadable(entry, overlapping, dataEnd);
    return reason === null ? [] : [{ code: 'ENTRY_UNREADABLE', level: 'error', path: entry.path, reason }];
  });
  const closed = entries.filter(isClosed).map(({ path }) => path);
  const flavoured = entries.filter(entry => entry.isZip64 || (entry.versionMadeBy & 0xff) >= ZIP64_FLAVOUR);
  return [
    ...duplicates.map((path): Finding => ({ code: 'DUPLICATE_ENTRY', level: 'error', path })),
    ...escaping.map((path): Finding => ({ code: 'ENTRY_ESCAPES', level: 'error', path })),
    ...unreadable,
    ...(closed.length > 0 ? [{ code: 'ENTRY_CLOSED', level: 'error', paths: closed } as const] : []),
    ...(flavoured.length > 0
      ? [{ code: 'ZIP64_FLAVOUR', level: 'warning', entries: flavoured.length } as const]
      : []),
  ].sort((a, b) => compareCodeUnits(a.code, b.code));
}

function whyUnreadable(entry: ZipEntry, overlapping: ReadonlySet<ZipEntry>, dataEnd: number): string | null {
  if (entry.refused !== null && !leadsOut(entry.path))
    return `${entry.refused}, and who unpacks it decides where it lands`;
  if (entry.kind === 'other') return 'it is neither a file nor a folder nor a link';
  if (entry.isEncrypted) return 'it is encrypted';
  if (entry.method !== 0 && entry.method !== 8)
    return `its compression method is ${nameMethod(entry.method)}, not STORE or DEFLATE`;
  if (entry.method === 0 && entry.bytes !== entry.compressedBytes)
    return 'it is stored, but its two sizes differ';
  if (entry.bytes > MAX_DEFLATE_RATIO * entry.compressedBytes + MAX_DEFLATE_RATIO) {
    return `it claims ${entry.bytes} bytes out of ${entry.compressedBytes}, which DEFLATE cannot do`;
  }
  if (endOf(entry) > dataEnd) return 'its data does not lie within the zip';
  if (entry.compressedBytes > entry.bytes + entry.bytes / 100 + MAX_OVERHEAD_BYTES) {
    return `its ${entry.compressedBytes} bytes of data are more than the ${entry.bytes} that it claims to hold`;
  }
  return overlapping.has(entry) ? 'its data overlaps that of another entry, as in a zip bomb' : null;
}

/** True for an absolute path, also of Windows, and for one with more `..` than folders. */
function leadsOut(path: string): boolean {
  return /^(?:\/|[A-Za-z]:)/.test(path) || /^\.\.(?:\/|$)/.test(posix.normalize(path));
}

/** Methods that tools choose by themselves (APPNOTE 4.4.5). */
const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'BZIP2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'XZ',
};

function nameMethod(method: number): string {
  const name = METHODS[method];
  return name ? `${method} (${name})` : String(method);
}

function findOverlapping(entries: readonly ZipEntry[]): ReadonlySet<ZipEntry> {
  const sorted = [...entries].sort((a, b) => a.localHeaderOffset - b.localHeaderOffset);
  const overlapping = new Set<ZipEntry>();
  let end = 0;
  for (const entry of sorted) {
    if (entry.localHeaderOffset < end) overlapping.add(entry);
    end = Math.max(end, endOf(entry));
  }
  return overlapping;
}

/** At least; the local header may be longer. */
function endOf({ localHeaderOffset, compressedBytes }: ZipEntry): number {
  return localHeaderOffset + LOCAL_HEADER_BYTES + compressedBytes;
}
