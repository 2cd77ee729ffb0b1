import type { MapNode } from './tree.ts';

/** Files that a search found, by key of every box that holds one: how many, and their bytes. */
export interface Found {
  readonly leaves: readonly MapNode[];
  readonly holds: ReadonlySet<string>;
  readonly bytes: number;
}

/** Finds files whose paths hold every word, upper and lower case alike; null for a search of nothing. */
export function findFiles(root: MapNode, query: string): Found | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const leaves: MapNode[] = [];
  const holds = new Set<string>();
  const visit = (node: MapNode): boolean => {
    if (node.item) {
      const path = node.item.path.toLowerCase();
      if (!words.every(word => path.includes(word))) return false;
      leaves.push(node);
      holds.add(node.key);
      return true;
    }
    const found = node.children.map(visit).some(Boolean);
    if (found) holds.add(node.key);
    return found;
  };
  visit(root);
  leaves.sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
  return { leaves, holds, bytes: leaves.reduce((sum, { value }) => sum + value, 0) };
}
