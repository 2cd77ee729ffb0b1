import type { BuildResult, Entry } from '../types.ts';
import { formatBytes } from './bytes.ts';

/** What was done to one file of the artifact as a native library or as one of several equal files. */
export function noteNative(entry: Entry, { native }: BuildResult): readonly string[] {
  const shared = native.shared.find(({ path }) => path === entry.path);
  const sharers = native.shared.filter(({ target }) => target === entry.path);
  const file = native.files.find(({ path }) => path === entry.path);
  return [
    ...(shared ? [`a link to ${shared.target}, which has the same ${formatBytes(shared.bytes)}`] : []),
    ...(sharers.length > 0 ? [`also stands for ${sharers.map(({ path }) => path).join(', ')}`] : []),
    ...(file?.outcome === 'stripped'
      ? [`stripped of ${formatBytes(file.bytesBefore - file.bytesAfter)}, and verified`]
      : []),
    ...(file?.reason ? [`${file.outcome}: ${file.reason}`] : []),
  ];
}
