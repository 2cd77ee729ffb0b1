import type { Tree } from '../../types.ts';
import type { MirrorPlan } from './types.ts';

/** File systems give room in blocks of this size, bytes. */
const BLOCK_BYTES = 4096;

/**
 * What a mirror takes of `/tmp`, bytes: the inflated libraries, the sources of Python that its shim copies instead of linking
 * to them, and the folders. Links lie in the folders.
 */
export function mirrorBytes({ compressed, links, aliases }: MirrorPlan, { entries }: Tree): number {
  const sizes = new Map<string, number>(
    entries.flatMap(entry => (entry.kind === 'file' ? [[entry.path, entry.bytes] as const] : [])),
  );
  const copied = links.filter(({ path }) => /\.pyc?$/.test(path)).map(({ path }) => sizes.get(path) ?? 0);
  const files = [...compressed.map(({ bytes }) => bytes), ...copied];
  const folders = new Set([...compressed, ...links, ...aliases].flatMap(({ path }) => foldersOf(path)));
  return files.reduce((sum, bytes) => sum + toBlocks(bytes), folders.size * BLOCK_BYTES);
}

function foldersOf(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, at) => segments.slice(0, at + 1).join('/'));
}

function toBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
