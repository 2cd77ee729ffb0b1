/** More links in a row than any system follows (Linux: 40). */
const MAX_LINKS = 40;

/**
 * Where the link at `path` leads inside a tree, going through the links in its way (`links`: target by path), or null when it
 * leaves the tree, runs in circles or says nothing. The end need not exist. The root of the tree is the empty path.
 */
export function resolveLink(path: string, links: ReadonlyMap<string, string>): string | null {
  const done: string[] = [];
  const todo = path.split('/').reverse();
  let followed = 0;
  for (let segment = todo.pop(); segment !== undefined; segment = todo.pop()) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (done.pop() === undefined) return null;
      continue;
    }
    done.push(segment);
    const target = links.get(done.join('/'));
    if (target === undefined) continue;
    if (++followed > MAX_LINKS || !isRelative(target)) return null;
    done.pop();
    todo.push(...target.split('/').reverse());
  }
  return done.join('/');
}

function isRelative(target: string): boolean {
  return target !== '' && !target.startsWith('/') && !target.includes('\0');
}
