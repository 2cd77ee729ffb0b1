import { stat } from 'node:fs/promises';
import type { EncodedLibrary, LibraryFormat } from '../../codec/types.ts';
import type { LibraryBlob } from './types.ts';

const EXTENSIONS: Readonly<Record<LibraryFormat, string>> = { zstd: 'zst', brotli: 'br', xz: 'xz' };

/** What the codec made, as a file for the artifact; null where it is not smaller than the library. */
export async function toBlob(encoded: EncodedLibrary): Promise<LibraryBlob | null> {
  const { path, bytes, compressedBytes, chunks } = encoded;
  const [first] = chunks;
  if (!first || compressedBytes >= bytes) return null;
  const { mtimeMs } = await stat(path);
  const source = { kind: 'disk', path, mtimeMs } as const;
  return { source, bytes: compressedBytes, extension: EXTENSIONS[first.format], chunks };
}
