/** True for the names of libraries and addons: `libz.so`, `libz.so.1`, `a.node`. */
export function isLibraryName(path: string): boolean {
  return /\.so(?:\.\d[\w.]*)?$|\.node$/.test(path);
}
