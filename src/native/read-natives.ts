import { memorySource, openFileSource } from '../elf/byte-sources.ts';
import { readNativeFile } from '../elf/read-native-file.ts';
import type { ByteSource, NativeFile } from '../elf/types.ts';
import type { Entry, FileEntry } from '../types.ts';
import { explainSource } from '../util/explain-source.ts';

/** Names that promise a library, so that what is none is told. */
const LIBRARY_NAME = /\.(?:so(?:\.\d[\w.]*)?|node)$/;

/** Reads what the dynamic linker would see of every native file of a tree, by path; other files are not in it. */
export function readNatives(entries: readonly Entry[]): ReadonlyMap<string, NativeFile> {
  const natives = new Map<string, NativeFile>();
  for (const entry of entries) {
    if (entry.kind === 'link') continue;
    const native = readEntry(entry);
    if (native.format !== 'other' || LIBRARY_NAME.test(entry.path)) natives.set(entry.path, native);
  }
  return natives;
}

function readEntry({ source }: FileEntry): NativeFile {
  if (source.kind === 'memory') return readNativeFile(memorySource(source.data));
  return explainSource(source.path, () => withFile(source.path, readNativeFile));
}

function withFile<T>(path: string, use: (source: ByteSource) => T): T {
  const source = openFileSource(path);
  try {
    return use(source);
  } finally {
    source.close();
  }
}
