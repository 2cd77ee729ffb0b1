import { posix } from 'node:path';
import type { ArtifactPath, Entry } from '../../types.ts';
import { followLinks } from '../../util/follow-links.ts';
import { indexTree } from './tree-index.ts';

/**
 * Moves entries aside, and leads every link that ends at one of them to its new place. Links that lead to nothing any more are
 * left out.
 */
export function retargetLinks(
  entries: readonly Entry[],
  moved: ReadonlyMap<string, ArtifactPath>,
): readonly Entry[] {
  const standing = dropDangling(entries);
  const { links } = indexTree(standing);
  return standing.map(entry => {
    const path = moved.get(entry.path) ?? entry.path;
    if (entry.kind === 'file') return { ...entry, path };
    const end = followLinks(entry.path, links)?.path ?? '';
    const place = moved.get(end) ?? end;
    if (path === entry.path && place === end) return entry;
    return { ...entry, path, target: posix.relative(posix.dirname(path), place) };
  });
}

/** Again and again, since a folder goes with the last link in it. */
function dropDangling(entries: readonly Entry[]): readonly Entry[] {
  const { links, files, folders } = indexTree(entries);
  const standing = entries.filter(entry => {
    if (entry.kind === 'file') return true;
    const end = followLinks(entry.path, links)?.path;
    return end !== undefined && (files.has(end) || folders.has(end));
  });
  return standing.length === entries.length ? standing : dropDangling(standing);
}
