import { followLinks } from './follow-links.ts';

/**
 * Where the link at `path` leads inside a tree, or null when it leaves the tree, runs in circles or says nothing. The end need
 * not exist. The root of the tree is the empty path.
 */
export function resolveLink(path: string, links: ReadonlyMap<string, string>): string | null {
  return followLinks(path, links)?.path ?? null;
}
