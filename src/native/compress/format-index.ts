import { type LibraryIndex, makeLibraryIndex } from '../../codec/library-index.ts';
import type { FileEntry } from '../../types.ts';
import type { LibraryBlob, MirrorPlan } from './types.ts';

/** Name of a library's blob in the folder of the shim; the number keeps libraries of one name apart. */
export function blobName(file: FileEntry, at: number, { extension }: LibraryBlob): string {
  return `${at}-${file.path.slice(file.path.lastIndexOf('/') + 1)}.${extension}`;
}

/** Makes the index of a plan; `bytes` is what its mirror takes of the temporary folder. */
export function makeIndex(
  plan: MirrorPlan,
  encoded: ReadonlyMap<string, LibraryBlob>,
  bytes: number,
): LibraryIndex {
  const files = plan.compressed.flatMap((file, at) => {
    const library = encoded.get(file.path);
    if (!library) return [];
    const { path } = file;
    const mode = file.mode === 0o755 ? '0755' : '0644';
    return [
      { path, mode, bytes: file.bytes, blob: blobName(file, at, library), chunks: library.chunks } as const,
    ];
  });
  const { links, aliases, addons } = plan;
  return makeLibraryIndex({ bytes, files, links, aliases, addons });
}
