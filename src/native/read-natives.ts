import { readBytesNative, readFileNative } from '../elf/read-file-native.ts';
import type { NativeFile } from '../elf/types.ts';
import type { Entry } from '../types.ts';

/** Reads what the dynamic linker would see of every native file of a tree, by path; other files are not in it. */
export function readNatives(entries: readonly Entry[]): ReadonlyMap<string, NativeFile> {
  const natives = new Map<string, NativeFile>();
  for (const entry of entries) {
    if (entry.kind === 'link') continue;
    const { path, source } = entry;
    const native =
      source.kind === 'memory' ? readBytesNative(path, source.data) : readFileNative(path, source.path);
    if (native) natives.set(path, native);
  }
  return natives;
}
