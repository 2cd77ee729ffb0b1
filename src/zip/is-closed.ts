import type { ZipEntry } from './read-zip.ts';

/** What others than the owner need: to read a file, to list and enter a folder. */
const NEEDED = { file: 0o004, folder: 0o005 } as const;

/** True for what Lambda unpacks so that the function's user may not read it. Zips from Windows have no modes at all. */
export function isClosed({ mode, kind }: Pick<ZipEntry, 'mode' | 'kind'>): boolean {
  if (mode === 0 || (kind !== 'file' && kind !== 'folder')) return false;
  return (mode & NEEDED[kind]) !== NEEDED[kind];
}
