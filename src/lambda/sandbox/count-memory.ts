import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessEntry, readEntry } from './process/process-table.ts';

/** Resident memory of processes, bytes; what several of them share counts for each. */
export function sumResident(entries: readonly ProcessEntry[]): number {
  return entries.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
}

/**
 * Memory of processes of a `/proc`, bytes, in which what they share counts once, as what a fork has of its parent. To know that,
 * the kernel looks at every page of theirs: so where no more than `seen` is resident, it is not asked. The peak that it keeps
 * for a cgroup would cost nothing, but holds the page cache, too, and not the code that others loaded first.
 */
export function countMemory(proc: string, entries: readonly ProcessEntry[], seen: number): number {
  const resident = sumResident(entries);
  if (entries.length < 2 || resident <= seen) return resident;
  const shares = entries.map(entry => ({ entry, share: readShare(proc, entry) }));
  const counted = shares.map(({ entry, share }) => {
    const now = readEntry(proc, String(entry.pid))?.residentBytes ?? 0;
    // It ended or became another program: what it shared may have gone to the others before they were read.
    if (now < entry.residentBytes / 2 || isGuest(proc, entry, entries)) return 0;
    return share ?? now;
  });
  // What they share with processes that are not among them counts at least once.
  return Math.max(
    ...entries.map(entry => entry.residentBytes),
    counted.reduce((sum, bytes) => sum + bytes, 0),
  );
}

/** Of a page that several processes share, each has its part; null where the system does not tell. */
function readShare(proc: string, { pid }: ProcessEntry): number | null {
  // Not in the background: a look is to know what it costs.
  const kib = /^Pss:\s+(\d+) kB$/m.exec(tryRead(`${proc}/${pid}/smaps_rollup`))?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/**
 * After a vfork, parent and child have one and the same memory, so that each is told all of it: until the child becomes another
 * program, a thread of the parent waits, and not even signals wake it.
 */
function isGuest(proc: string, child: ProcessEntry, entries: readonly ProcessEntry[]): boolean {
  const parent = entries.find(({ pid }) => pid === child.parent);
  if (!parent || Math.abs(parent.residentBytes / child.residentBytes - 1) > 0.1) return false;
  const tasks = `${proc}/${parent.pid}/task`;
  return tryList(tasks).some(task => /\) D [^)]*$/.test(tryRead(`${tasks}/${task}/stat`)));
}

function tryRead(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function tryList(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
