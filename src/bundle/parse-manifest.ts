import { compareCodeUnits } from '../util/path.ts';
import { findPathProblem } from './check-paths.ts';
import { checkPlaces } from './check-places.ts';
import { type JsonReader, readJson } from './json-reader.ts';
import { CHUNK_BYTES, EMPTY_SHA256, MAX_CHUNKS, MAX_ENTRIES, maxCompressedBytes } from './limits.ts';
import type { BundleChunk, BundleFile, BundleLink, BundleManifest } from './types.ts';

const KEYS = ['schema', 'name', 'encoder', 'files', 'links', 'chunks'] as const;
const FILE_KEYS = ['path', 'mode', 'bytes', 'sha256', 'chunk', 'offset'] as const;
const CHUNK_KEYS = ['sha256', 'bytes', 'compressedBytes', 'compressedSha256'] as const;

/**
 * Reads the JSON of a manifest and trusts nothing in it: each path stays inside the release, each file has all of its bytes in the
 * chunks, and two files lie in the same place or in places that do not touch. Throws `BUNDLE_INVALID`; `where` is for messages.
 */
export function parseManifest(json: Uint8Array, where: string): BundleManifest {
  const { value, reader } = readJson(json, where);
  const raw = reader.object(value, 'it', KEYS);
  if (raw.schema !== 1) return reader.fail('it is of another version of lambda-slim');
  const chunks = reader.list(raw.chunks, 'chunks', MAX_CHUNKS).map(chunk => parseChunk(chunk, reader));
  const files = reader
    .list(raw.files, 'files', MAX_ENTRIES)
    .map(file => parseFile(file, chunks.length, reader));
  const links = reader.list(raw.links, 'links', MAX_ENTRIES).map(link => parseLink(link, reader));
  checkTree(files, links, reader);
  checkPlaces(files, chunks, reader);
  const encoder = reader.text(raw.encoder, 'the encoder');
  if (!/^[\w./-]{1,100}$/.test(encoder)) return reader.fail('the encoder is not one');
  return { schema: 1, name: reader.name(raw.name), encoder, files, links, chunks };
}

function parseChunk(value: unknown, reader: JsonReader): BundleChunk {
  const raw = reader.object(value, 'a chunk', CHUNK_KEYS);
  const bytes = reader.whole(raw.bytes, 'the size of a chunk', 1, CHUNK_BYTES);
  const most = maxCompressedBytes(bytes);
  return {
    sha256: reader.sha256(raw.sha256, 'the hash of a chunk'),
    bytes,
    compressedBytes: reader.whole(raw.compressedBytes, 'the compressed size of a chunk', 1, most),
    compressedSha256: reader.sha256(raw.compressedSha256, 'the compressed hash of a chunk'),
  };
}

function parseFile(value: unknown, chunks: number, reader: JsonReader): BundleFile {
  const raw = reader.object(value, 'a file', FILE_KEYS);
  const path = reader.text(raw.path, 'the path of a file');
  const { mode } = raw;
  if (mode !== 0o644 && mode !== 0o755) return reader.fail('the mode of a file is neither 0644 nor 0755');
  const bytes = reader.whole(raw.bytes, 'the size of a file', 0, MAX_CHUNKS * CHUNK_BYTES);
  const sha256 = reader.sha256(raw.sha256, 'the hash of a file');
  if (bytes === 0 && sha256 !== EMPTY_SHA256) return reader.fail('an empty file has the hash of another');
  const chunk = reader.whole(raw.chunk, 'the chunk of a file', 0, bytes === 0 ? 0 : chunks - 1);
  const offset = reader.whole(raw.offset, 'the offset of a file', 0, bytes === 0 ? 0 : CHUNK_BYTES - 1);
  return { path, mode, bytes, sha256, chunk, offset };
}

function parseLink(value: unknown, reader: JsonReader): BundleLink {
  const raw = reader.object(value, 'a link', ['path', 'target']);
  const path = reader.text(raw.path, 'the path of a link');
  return { path, target: reader.text(raw.target, 'the target of a link') };
}

function checkTree(files: readonly BundleFile[], links: readonly BundleLink[], reader: JsonReader): void {
  for (const list of [files, links]) {
    const isSorted = list.every(
      ({ path }, at) => at === 0 || compareCodeUnits(list[at - 1]?.path ?? '', path) <= 0,
    );
    if (!isSorted) reader.fail('its paths are not sorted');
  }
  const problem = findPathProblem(files, links);
  if (problem)
    reader.fail(`the path ${JSON.stringify(problem.path.slice(0, 200))} is refused: ${problem.reason}`);
}
