import { LIBRARY_DIR, type LibraryIndexReading, parseLibraryIndex } from '../../codec/library-index.ts';

/** Where an artifact says what travels compressed in it. */
export const COMPRESSED_INDEX = `${LIBRARY_DIR}/index.json`;

/** How much of an index is read, bytes. */
const MAX_INDEX_BYTES = 8 * 1024 * 1024;

/** Reads the index of compressed libraries, which anybody may have written; `load` gives its text. */
export async function readCompressedIndex(
  bytes: number,
  load: () => Promise<string>,
): Promise<LibraryIndexReading> {
  if (bytes > MAX_INDEX_BYTES) return { ok: false, reason: `it is ${bytes} bytes long` };
  return parseLibraryIndex(await load());
}

/** Paths of the libraries that are there at run time only, and of their other names. */
export function listCompressed(reading: LibraryIndexReading | null): readonly string[] {
  if (!reading?.ok) return [];
  const { files, aliases = [] } = reading.index;
  return [...files, ...aliases].map(({ path }) => path);
}
