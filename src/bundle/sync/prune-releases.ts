import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import type { Lock } from './lock.ts';
import { listReleases, readCurrent, type Store } from './store.ts';
import { GONE, journalOf, LEFT, partialOf, removeAll } from './work-folder.ts';

/** Whoever began with a release goes on with it for a while, after it is no longer the current one. */
const YOUNG_MS = 3_600_000;

export interface Keeping {
  readonly keep: number;
  readonly protect: readonly string[];
}

/**
 * Removes releases beyond the newest ones: never the current one, a protected one, or one that became or ceased to be the current
 * one within the last hour. Gives their ids.
 */
export async function pruneReleases(
  store: Store,
  work: string,
  lock: Lock,
  { keep, protect }: Keeping,
): Promise<readonly string[]> {
  const now = await lock.confirm();
  const current = await readCurrent(store);
  const aged: { readonly id: string; readonly ms: number }[] = [];
  for (const id of await listReleases(store)) {
    const found = await orNull(stat(join(store.releases, id)));
    if (found) aged.push({ id, ms: found.mtimeMs });
  }
  const old = aged
    .toSorted((a, b) => b.ms - a.ms)
    .slice(Math.max(1, keep))
    .filter(
      ({ id, ms }) => id !== current && now - ms > YOUNG_MS && !protect.some(start => id.startsWith(start)),
    )
    .map(({ id }) => id);
  for (const id of old) {
    await lock.confirm();
    // Moved first, so that what is half removed never looks like a release.
    await rename(join(store.releases, id), join(work, GONE + id));
  }
  await removePartials(work, now);
  await removeOrphans(store, work);
  // What cannot be removed is left for the next time.
  for (const name of await readdir(work))
    if (name.startsWith(GONE) && LEFT.test(name)) await removeAll(join(work, name)).catch(() => {});
  return old;
}

/** Also a journal without its tree, which was finished when the process was killed. */
async function removePartials(work: string, now: number): Promise<void> {
  for (const name of await readdir(work)) {
    const [, id] = /^([0-9a-f]{64})\.(?:partial|journal)$/.exec(name) ?? [];
    if (id === undefined) continue;
    const found = await orNull(stat(partialOf(work, id)));
    if (found && now - found.mtimeMs <= YOUNG_MS) continue;
    await removeAll(partialOf(work, id));
    await removeAll(journalOf(work, id));
  }
}

/** What was written about releases that are no longer there. */
async function removeOrphans(store: Store, work: string): Promise<void> {
  const known = [...(await listReleases(store)), ...(await readdir(work)).map(name => name.split('.')[0])];
  for (const folder of [store.manifests, store.spoilt])
    for (const name of await readdir(folder)) {
      const [, id] = /^([0-9a-f]{64})\.json$/.exec(name) ?? [];
      if (id !== undefined && !known.includes(id)) await rename(join(folder, name), join(work, GONE + name));
    }
}
