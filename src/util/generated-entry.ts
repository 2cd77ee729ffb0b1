import type { FileEntry } from '../types.ts';
import { toArtifactPath } from './path.ts';

/** An entry that was made and not found; `by` names who made it. */
export function generatedEntry(path: string, data: Uint8Array, by: string): FileEntry {
  return {
    kind: 'file',
    path: toArtifactPath(path),
    source: { kind: 'memory', data },
    bytes: data.length,
    mode: 0o644,
    origin: { kind: 'generated', by },
  };
}
