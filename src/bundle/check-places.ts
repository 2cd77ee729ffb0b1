import type { JsonReader } from './json-reader.ts';
import type { BundleChunk, BundleFile } from './types.ts';

/** A file's bytes, counted over all chunks laid one behind the other. */
interface Place {
  readonly file: BundleFile;
  readonly start: number;
  readonly end: number;
}

/**
 * Checks that each file's bytes are in the chunks, that files which share bytes are the same, that no byte of a chunk is for
 * nobody, and that a hash stands for one content.
 */
export function checkPlaces(
  files: readonly BundleFile[],
  chunks: readonly BundleChunk[],
  reader: JsonReader,
): void {
  checkChunks(chunks, reader);
  const starts = [0];
  for (const { bytes } of chunks) starts.push((starts.at(-1) as number) + bytes);
  const places = files.filter(file => file.bytes > 0).map(file => placeOf(file, chunks, starts, reader));
  places.sort((a, b) => a.start - b.start || a.end - b.end);
  let before: Place | null = null;
  for (const place of places) {
    const isSame = before?.start === place.start && before.end === place.end;
    if (isSame && before?.file.sha256 !== place.file.sha256) reader.fail(`${name(place)} has two hashes`);
    if (!isSame && place.start !== (before?.end ?? 0)) {
      reader.fail(
        place.start < (before?.end ?? 0)
          ? `${name(place)} overlaps another file`
          : 'bytes of a chunk are for no file',
      );
    }
    before = place;
  }
  if ((before?.end ?? 0) !== starts.at(-1)) reader.fail('bytes of a chunk are for no file');
  checkContents(files, reader);
}

function name({ file }: Place): string {
  return JSON.stringify(file.path.slice(0, 200));
}

function placeOf(
  file: BundleFile,
  chunks: readonly BundleChunk[],
  starts: readonly number[],
  reader: JsonReader,
): Place {
  const start = (starts[file.chunk] as number) + file.offset;
  const place = { file, start, end: start + file.bytes };
  if (file.offset >= (chunks[file.chunk]?.bytes ?? 0)) reader.fail(`${name(place)} begins behind its chunk`);
  if (place.end > (starts.at(-1) as number)) reader.fail(`${name(place)} has more bytes than the chunks`);
  return place;
}

/** A chunk may be listed twice, but then with the same facts. */
function checkChunks(chunks: readonly BundleChunk[], reader: JsonReader): void {
  const byRaw = new Map<string, BundleChunk>();
  const byCompressed = new Map<string, BundleChunk>();
  for (const chunk of chunks) {
    for (const twin of [byRaw.get(chunk.sha256), byCompressed.get(chunk.compressedSha256)]) {
      const isSame =
        !twin ||
        (twin.sha256 === chunk.sha256 &&
          twin.bytes === chunk.bytes &&
          twin.compressedBytes === chunk.compressedBytes &&
          twin.compressedSha256 === chunk.compressedSha256);
      if (!isSame) reader.fail('a chunk is listed twice, with other facts');
    }
    byRaw.set(chunk.sha256, chunk);
    byCompressed.set(chunk.compressedSha256, chunk);
  }
}

function checkContents(files: readonly BundleFile[], reader: JsonReader): void {
  const sizes = new Map<string, number>();
  for (const { path, sha256, bytes } of files) {
    if ((sizes.get(sha256) ?? bytes) !== bytes)
      reader.fail(`${JSON.stringify(path.slice(0, 200))} has the hash of another file`);
    sizes.set(sha256, bytes);
  }
}
