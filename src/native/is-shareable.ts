import { posix } from 'node:path';
import type { NativeFile } from '../elf/types.ts';
import type { FileEntry } from '../types.ts';

/** Below these sizes a link saves less than it could ever cost, bytes. */
const MIN_LIBRARY_BYTES = 4096;
const MIN_DATA_BYTES = 65_536;

/** Shared libraries as linkers name them; a `.node` file or a Python module keeps state by the path it was loaded from. */
const LIBRARY = /^lib[^/]*\.so(?:\.[\w.]+)?$/;

/** Code finds its dependencies, and itself, by the path it lies at. */
const CODE = /\.(?:[cm]?[jt]sx?|json|py[cdiwx]?|node|wasm|so|dll|exe|sh|pl|rb)$/;

/** True for a file whose path does not matter to what is in it. */
export function isShareable({ path, bytes, mode }: FileEntry, native: NativeFile | undefined): boolean {
  const name = posix.basename(path);
  if (native) return native.format === 'elf' && bytes >= MIN_LIBRARY_BYTES && LIBRARY.test(name);
  return bytes >= MIN_DATA_BYTES && mode === 0o644 && !CODE.test(name);
}
