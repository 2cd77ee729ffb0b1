import { explainSource } from '../util/explain-source.ts';
import { memorySource, openFileSource } from './byte-sources.ts';
import { isLibraryName } from './is-library-name.ts';
import { mayBeNative } from './may-be-native.ts';
import { readNativeFile } from './read-native-file.ts';
import type { ByteSource, NativeFile } from './types.ts';

/** Reads a file on disk if it is native or its name says so, else null. `path` is the one in the artifact. Throws `FILE_UNREADABLE`, `FILE_CHANGED`. */
export function readFileNative(path: string, file: string): NativeFile | null {
  return explainSource(file, () => {
    const source = openFileSource(file);
    try {
      return readSourceNative(path, source);
    } finally {
      source.close();
    }
  });
}

/** The same for bytes in memory. */
export function readBytesNative(path: string, bytes: Uint8Array): NativeFile | null {
  return readSourceNative(path, memorySource(bytes));
}

function readSourceNative(path: string, source: ByteSource): NativeFile | null {
  const head = source.read(0, Math.min(4, source.size));
  if (!mayBeNative(path, head)) return null;
  const native = readNativeFile(source);
  // What begins like a Java class or with the letters MZ and is neither Mach-O nor PE is just a file.
  return native.format === 'other' && !isLibraryName(path) ? null : native;
}
