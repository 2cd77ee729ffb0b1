/** True for the names of libraries and addons: `libz.so`, `libz.so.1`, `a.node`; not `libz.so.1.zst`. */
export function isLibraryName(path: string): boolean {
  return /\.so(?:\.\d+)*$|\.node$/.test(path);
}
