import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeLibrary } from '../../src/codec/encode-library.ts';
import { LIBRARY_DIR, type LibraryIndex, makeLibraryIndex } from '../../src/codec/library-index.ts';
import type { EncodeOptions, LibrarySource } from '../../src/codec/types.ts';

export interface Library {
  readonly path: string;
  readonly source: LibrarySource;
}

export interface ArtifactParts {
  readonly libraries: readonly Library[];
  readonly links: LibraryIndex['links'];
  readonly addons: readonly string[];
}

/** Bytes that are all in memory. */
export function memory(bytes: Uint8Array): LibrarySource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Bytes that look like x86 code: calls of a few functions from everywhere, and noise. The same ones each time. */
export function codeLike(bytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(bytes);
  const view = new DataView(data.buffer);
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
  for (let at = 0; at + 8 <= bytes; at += 8) {
    data[at] = 0xe8;
    view.setInt32(at + 1, (next() % 16) * 4096 - at - 5, true);
    data[at + 5] = next() % 8;
  }
  return data;
}

/** Writes `.lambda-slim` with blobs, index and shim into the folder of an artifact. */
export async function writeCompressed(
  root: string,
  { libraries, links, addons }: ArtifactParts,
  options: EncodeOptions,
  cacheDir: string | null = null,
): Promise<LibraryIndex> {
  const dir = join(root, LIBRARY_DIR);
  await mkdir(dir, { recursive: true });
  const files: LibraryIndex['files'][number][] = [];
  for (const [at, { path, source }] of libraries.entries()) {
    const signal = new AbortController().signal;
    const library = await encodeLibrary(source, options, {
      cacheDir,
      workDir: join(root, '..', 'work'),
      signal,
    });
    const blob = `${at}-${path.split('/').pop()}.${options.format}`;
    await cp(library.path, join(dir, blob));
    files.push({ path, mode: '0755', bytes: library.bytes, blob, chunks: [...library.chunks] });
  }
  const index = makeLibraryIndex({ files, links, addons: [...addons] });
  await writeFile(join(dir, 'index.json'), JSON.stringify(index));
  for (const name of ['inflate.cjs', 'inflate-chunks.cjs', 'follow.cjs']) {
    await cp(fileURLToPath(new URL(`../../src/shims/${name}`, import.meta.url)), join(dir, name));
  }
  return index;
}

/** Puts a file into a folder, with the folders above it. */
export async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
