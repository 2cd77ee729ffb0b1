import type { ProcessEntry } from './process-table.ts';

/** Picks a process and all that it ever started out of tables of processes, one after the other. */
export interface OwnProcesses {
  /** Those of a table that belong to it. What was seen once belongs to it for good, also when its parent is gone. */
  pick(table: readonly ProcessEntry[]): readonly ProcessEntry[];
  /** Says that a process which no parent leads to belongs to it too. */
  add(entry: ProcessEntry): void;
}

const keyOf = ({ pid, start }: ProcessEntry): string => `${pid} ${start}`;

/** Follows the process `root`, the leader of a group of its own. */
export function followProcesses(root: number): OwnProcesses {
  const known = new Set<string>();
  // Once nothing is left of the group, its number may be given to others.
  let hasGroup = true;
  return {
    add: entry => void known.add(keyOf(entry)),
    pick(table) {
      const inGroup = table.filter(({ pid, group }) => group === root || (known.size === 0 && pid === root));
      if (hasGroup) for (const entry of inGroup) known.add(keyOf(entry));
      hasGroup &&= inGroup.length > 0;
      addChildren(table, known);
      return table.filter(entry => known.has(keyOf(entry)));
    },
  };
}

function addChildren(table: readonly ProcessEntry[], known: Set<string>): void {
  const byPid = new Map(table.map(entry => [entry.pid, keyOf(entry)]));
  for (let size = -1; size !== known.size; ) {
    size = known.size;
    for (const entry of table) if (known.has(byPid.get(entry.parent) ?? '')) known.add(keyOf(entry));
  }
}
