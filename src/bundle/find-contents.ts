import type { FileEntry } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import { mapPool } from '../util/pool.ts';
import type { BundlePool } from './bundle-pool.ts';
import type { Piece } from './job-types.ts';
import type { PlanFile } from './plan-chunks.ts';

/** A content that one or more files of the tree have. */
export interface Content extends PlanFile {
  readonly entries: readonly FileEntry[];
  /** What was read so far: known where another content has the size, as those had to be compared. */
  readonly sha256: string | null;
}

/** A file of the tree and what changes together with it. */
export interface GroupedFile {
  readonly entry: FileEntry;
  readonly group: string;
}

/** Bounds of what a thread hashes at a time. */
const BATCH_FILES = 256;
const BATCH_BYTES = 32 * 1024 * 1024;

/**
 * Gives each content that files have once, under the group and path of the first that has it; empty files have none.
 * Only files of the same size are read, as others differ.
 */
export async function findContents(
  files: readonly GroupedFile[],
  pool: BundlePool,
): Promise<readonly Content[]> {
  const sorted = files
    .filter(({ entry }) => entry.bytes > 0)
    .sort((a, b) => compareCodeUnits(a.group, b.group) || compareCodeUnits(a.entry.path, b.entry.path));
  const hashes = await hashTwins(sorted, pool);
  const contents = new Map<unknown, { file: GroupedFile; entries: FileEntry[] }>();
  for (const file of sorted) {
    const key = hashes.get(file.entry) ?? file.entry;
    const found = contents.get(key);
    if (found) found.entries.push(file.entry);
    else contents.set(key, { file, entries: [file.entry] });
  }
  return [...contents.values()].map(({ file: { entry, group }, entries }) => ({
    path: entry.path,
    group,
    bytes: entry.bytes,
    entries,
    sha256: hashes.get(entry) ?? null,
  }));
}

/** The whole of a file as one piece. */
export function wholeOf({ source, bytes }: FileEntry): Piece {
  return { source, size: bytes, from: 0, bytes };
}

async function hashTwins(
  files: readonly GroupedFile[],
  pool: BundlePool,
): Promise<ReadonlyMap<FileEntry, string>> {
  const counts = new Map<number, number>();
  for (const { entry } of files) counts.set(entry.bytes, (counts.get(entry.bytes) ?? 0) + 1);
  const isTwin = ({ bytes }: FileEntry): boolean => (counts.get(bytes) ?? 0) > 1;
  const twins = files.map(({ entry }) => entry).filter(isTwin);
  const hashes = new Map<FileEntry, string>();
  await mapPool(makeBatches(twins), pool.width, async batch => {
    const read = await pool.hash(batch.map(wholeOf));
    for (const [index, entry] of batch.entries()) hashes.set(entry, read[index]?.sha256 ?? '');
  });
  return hashes;
}

function makeBatches(entries: readonly FileEntry[]): readonly (readonly FileEntry[])[] {
  const batches: FileEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (bytes + entry.bytes > BATCH_BYTES || (batches.at(-1)?.length ?? 0) >= BATCH_FILES) {
      batches.push([]);
      bytes = 0;
    }
    bytes += entry.bytes;
    batches.at(-1)?.push(entry);
  }
  return batches;
}
