import type { FileEntry } from '../types.ts';
import { moveEntry } from './move-entries.ts';

/**
 * Brings code to where TorchServe's container looks for it: scripts and `requirements.txt` beside the weights go into `code/` where
 * there is no such folder yet. All else keeps its place.
 */
export function layOutPytorch(entries: readonly FileEntry[]): readonly FileEntry[] {
  const paths = entries.map(({ path }) => path as string);
  if (paths.some(path => path.startsWith('code/')) || !paths.includes('inference.py')) return entries;
  return entries.map(entry =>
    /^[^/]+\.py$|^requirements\.txt$/.test(entry.path) ? moveEntry(entry, `code/${entry.path}`) : entry,
  );
}
