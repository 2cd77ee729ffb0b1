/** More links in a row than any system follows (Linux: 40). */
const MAX_LINKS = 40;

export interface Followed {
  /** Where the path ends in the tree; need not exist. */
  readonly path: string;
  /** The links on the way, each as a path without links in it, up to its own name. */
  readonly via: readonly string[];
}

/**
 * Follows a path through the links of a tree (`links`: target by path), as the kernel does; null where it leaves the tree, runs in
 * circles or says nothing. The root of the tree is the empty path.
 */
export function followLinks(path: string, links: ReadonlyMap<string, string>): Followed | null {
  const done: string[] = [];
  const via: string[] = [];
  const todo = path.split('/').reverse();
  for (let segment = todo.pop(); segment !== undefined; segment = todo.pop()) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (done.pop() === undefined) return null;
      continue;
    }
    done.push(segment);
    const here = done.join('/');
    const target = links.get(here);
    if (target === undefined) continue;
    if (via.push(here) > MAX_LINKS || !isRelative(target)) return null;
    done.pop();
    todo.push(...target.split('/').reverse());
  }
  return { path: done.join('/'), via };
}

function isRelative(target: string): boolean {
  return target !== '' && !target.startsWith('/') && !target.includes('\0');
}
