import { readFile } from 'node:fs/promises';
import { orNull } from '../../util/fs.ts';
import { isReleaseId, listReleases, readCurrent, type Store } from './store.ts';
import { replaceFile } from './sync-file.ts';

const MOST_ENTRIES = 100;

/** The releases that were the current one, oldest first, up to the one that is it now. What cannot be read tells nothing. */
export async function readHistory(store: Store, current: string | null): Promise<readonly string[]> {
  const text = await orNull(readFile(store.history, 'utf8'));
  const entries = parseEntries(text ?? '[]');
  const at = current === null ? -1 : entries.lastIndexOf(current);
  return at < 0 ? entries.filter(id => id !== current).concat(current ?? []) : entries.slice(0, at + 1);
}

function parseEntries(text: string): string[] {
  try {
    const entries: unknown = JSON.parse(text);
    if (!Array.isArray(entries)) return [];
    return entries.filter((id: unknown): id is string => typeof id === 'string' && isReleaseId(id));
  } catch {
    return [];
  }
}

/** Writes which releases were the current one. The last need not be it yet: `current` has the last word. */
export async function writeHistory(store: Store, work: string, entries: readonly string[]): Promise<void> {
  await replaceFile(work, store.history, `${JSON.stringify(entries.slice(-MOST_ENTRIES))}\n`);
}

/** The release that was the current one before, and is still there. */
export async function findPrevious(store: Store): Promise<{
  readonly current: string | null;
  readonly previous: string | null;
  readonly entries: readonly string[];
}> {
  const current = await readCurrent(store);
  const there = await listReleases(store);
  const entries = await readHistory(store, current);
  const at = entries.findLastIndex(id => id !== current && there.includes(id));
  return { current, previous: entries[at] ?? null, entries: entries.slice(0, at + 1) };
}
