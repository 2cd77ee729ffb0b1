import type { PageSubject } from '../page-types.ts';
import { dropVersion, type Item, type Weighed } from './items.ts';

export type Grouping = 'package' | 'kind' | 'folder' | 'rule';

/** A box of the map: a group, a folder, or a file, which has its `item`. Children are sorted, the largest first. */
export interface MapNode {
  readonly name: string;
  /** Tells it from all others of the map, also after the map was made anew. */
  readonly key: string;
  readonly value: number;
  readonly before: number;
  readonly files: number;
  /** Of its largest file. */
  readonly kind: number;
  /** Bytes of files that went. */
  readonly removed: number;
  readonly item: Item | null;
  readonly children: readonly MapNode[];
}

interface Branch {
  readonly folders: Map<string, Branch>;
  readonly leaves: Weighed[];
}

/** No package has so many folders inside each other; what lies deeper is shown in the last of them. */
const MAX_FOLDERS = 100;

/** Levels of groups above the folders. */
const GROUPS = { package: 1, kind: 2, rule: 1, folder: 0 } as const satisfies Record<Grouping, number>;

const makeBranch = (): Branch => ({ folders: new Map(), leaves: [] });

/** Makes the tree of boxes; `subject` names the kinds and rules that the items have numbers of. */
export function makeTree(
  weighed: readonly Weighed[],
  grouping: Grouping,
  subject: Pick<PageSubject, 'kinds' | 'rules'>,
  compares = false,
): MapNode {
  const root = makeBranch();
  for (const one of weighed) {
    let branch = root;
    for (const segment of foldersOf(one.item, grouping, subject, compares)) {
      const next = branch.folders.get(segment) ?? makeBranch();
      branch.folders.set(segment, next);
      branch = next;
    }
    branch.leaves.push(one);
  }
  return close('', '', root, GROUPS[grouping]);
}

function foldersOf(
  item: Item,
  grouping: Grouping,
  { kinds, rules }: Pick<PageSubject, 'kinds' | 'rules'>,
  compares: boolean,
): readonly string[] {
  const folders = item.path.split('/').slice(0, -1).slice(0, MAX_FOLDERS);
  const owner = compares ? dropVersion(item.owner) : item.owner;
  switch (grouping) {
    case 'package':
      return [owner, ...folders];
    case 'kind':
      return [kinds[item.kind] ?? '', owner, ...folders];
    case 'rule':
      return [item.rule === null ? 'stays' : (rules[item.rule]?.id ?? ''), ...folders];
    default:
      return folders;
  }
}

/**
 * A group that holds a single folder shows what is in that; a folder that does is named with it: `dist/lib`. `groups` is how many levels
 * of groups are still to come.
 */
function close(name: string, key: string, branch: Branch, groups: number): MapNode {
  const [only, ...others] = [...branch.folders];
  if (only && others.length === 0 && branch.leaves.length === 0 && key !== '' && groups < 1) {
    const [next, inside] = only;
    return close(groups === 0 ? name : `${name}/${next}`, keyOf(key, next), inside, groups);
  }
  const children = [
    ...[...branch.folders].map(([next, inside]) => close(next, keyOf(key, next), inside, groups - 1)),
    ...branch.leaves.map((leaf, at) => toLeaf(leaf, keyOf(key, `${at}:${leaf.item.path}`))),
  ].sort((a, b) => Math.max(b.value, b.before) - Math.max(a.value, a.before) || (a.key < b.key ? -1 : 1));
  return { name, key, ...sumUp(children), item: null, children };
}

/** A separator that no path has. */
const SEPARATOR = '\u0001';

function keyOf(parent: string, name: string): string {
  return `${parent}${SEPARATOR}${name}`;
}

function toLeaf({ item, value, before }: Weighed, key: string): MapNode {
  const name = item.path.slice(item.path.lastIndexOf('/') + 1);
  const removed = item.rule === null ? 0 : value;
  return { name, key, value, before, files: 1, kind: item.kind, removed, item, children: [] };
}

function sumUp(
  children: readonly MapNode[],
): Pick<MapNode, 'value' | 'before' | 'files' | 'kind' | 'removed'> {
  const sums = { value: 0, before: 0, files: 0, removed: 0 };
  for (const { value, before, files, removed } of children) {
    sums.value += value;
    sums.before += before;
    sums.files += files;
    sums.removed += removed;
  }
  return { ...sums, kind: children[0]?.kind ?? 0 };
}

/** The nodes from the root to the one with this key; the root alone where it is not there any more. */
export function findPath(root: MapNode, key: string): readonly MapNode[] {
  const path = [root];
  for (let at = root; at.key !== key; ) {
    const next = at.children.find(child => key === child.key || key.startsWith(`${child.key}${SEPARATOR}`));
    if (!next) return [root];
    path.push(next);
    at = next;
  }
  return path;
}
