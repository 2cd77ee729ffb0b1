import { statfs } from 'node:fs/promises';
import { countMemory } from '../count-memory.ts';
import { type ProcessEntry, readProc } from '../process/process-table.ts';
import { listMappings } from '../read-mappings.ts';
import { readPeak, sumReadBytes } from '../read-usage.ts';

/** What can be seen of a running sandbox from outside. */
export interface NamespaceView {
  /** Memory of all its processes, bytes; where it is no more than what was `seen` already, any number up to that. */
  memoryBytes(seen: number): number;
  /** Highest resident memory of the interpreter alone, bytes. */
  peak(): number | null;
  readBytes(): number | null;
  /** Used space of `/tmp` beyond what an empty one uses, bytes. */
  tmpBytes(): Promise<number | null>;
  mappings(): Promise<readonly string[]>;
}

/** Looks into a sandbox through its first process, whose own `/proc` lists all of it and nothing else. */
export async function viewNamespace(init: number, isGone: () => boolean): Promise<NamespaceView> {
  const proc = `/proc/${init}/root/proc`;
  const list = (): readonly ProcessEntry[] => {
    if (isGone()) return [];
    try {
      // Number 1 is our own script.
      return readProc(proc).filter(({ pid }) => pid !== 1);
    } catch {
      return [];
    }
  };
  const listPids = (): readonly string[] => list().map(({ pid }) => String(pid));
  const usedTmp = async (): Promise<number | null> => {
    if (isGone()) return null;
    const found = await statfs(`/proc/${init}/root/tmp`).catch(() => null);
    return found && (found.blocks - found.bfree) * found.bsize;
  };
  const empty = (await usedTmp()) ?? 0;
  return {
    memoryBytes: seen => countMemory(proc, list(), seen),
    peak: () => readPeak(proc, findInterpreter(list())),
    readBytes: () => sumReadBytes(proc, listPids()),
    async tmpBytes() {
      const used = await usedTmp();
      return used === null ? null : Math.max(0, used - empty);
    },
    mappings: () => listMappings(proc, listPids(), []),
  };
}

/** The first child of the first process; later ones were only given to it when their own parent ended. */
function findInterpreter(entries: readonly ProcessEntry[]): number | undefined {
  const children = entries.filter(({ parent }) => parent === 1);
  const inOrder = children.sort((a, b) => Number(a.start) - Number(b.start) || a.pid - b.pid);
  return inOrder[0]?.pid;
}
