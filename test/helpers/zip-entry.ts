import type { ZipEntry } from '../../src/zip/read-zip.ts';

/** An entry as a directory tells it; what is not given is usual. */
export function zipEntry(path: string, more: Partial<ZipEntry> = {}): ZipEntry {
  return {
    path,
    bytes: 100,
    compressedBytes: 40,
    crc32: 0,
    method: 8,
    mode: 0o100644,
    kind: path.endsWith('/') ? 'folder' : 'file',
    flags: 0,
    isEncrypted: false,
    isZip64: false,
    versionMadeBy: 0x0314,
    localHeaderOffset: 0,
    refused: null,
    ...more,
  };
}
