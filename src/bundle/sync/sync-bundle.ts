import { lstat, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import type { BundleManifest, BundleSource } from '../types.ts';
import { checkProtected, chooseRelease, type FoundManifest, findManifest } from './choose-release.ts';
import { explainFailure } from './explain-failure.ts';
import type { Unfinished } from './fetch-wanted.ts';
import { planStore } from './find-store.ts';
import { readHistory, writeHistory } from './history.ts';
import { inspectRelease } from './inspect-release.ts';
import type { Job } from './job.ts';
import { pruneReleases } from './prune-releases.ts';
import { repairRelease } from './repair-release.ts';
import { listReleases, readCurrent, type Store } from './store.ts';
import { claimStore } from './store-mark.ts';
import { switchCurrent, touchRelease } from './switch-current.ts';
import { flushFolder, replaceFile } from './sync-file.ts';
import type { SyncOptions, SyncResult } from './types.ts';
import { withLock } from './with-lock.ts';
import { journalOf, removeAll } from './work-folder.ts';
import { type WrittenTree, writeTree } from './write-tree.ts';

const KEEP = 3;
/** With 32 MiB of memory each. */
const PARALLEL = 2;

/**
 * Brings a release of a bundle to the store at `dir`, and lets `current` lead to it. It becomes visible when every byte of it is
 * verified, and at once; until then the release before stays what it is. Killed at any moment, the next sync goes on from there.
 * Throws `BUNDLE_*`, `RELEASE_*`, `SYNC_*`, `STORE_*`, `CANCELLED`, and what the source says it cannot do.
 */
export async function syncBundle(
  source: BundleSource,
  dir: string,
  options: SyncOptions,
): Promise<SyncResult> {
  const end = performance.now() + (options.deadlineMs ?? Number.POSITIVE_INFINITY);
  const { store, release, read } = await plan(source, dir, options);
  const claim = (): Promise<void> => claimStore(store, read.manifest.name);
  return withLock(store, { ...options, prepare: claim }, async held => {
    const job: Job = {
      ...held,
      ...{ store, source, release, manifest: read.manifest, inflate: options.inflate },
      parallel: options.parallel ?? PARALLEL,
      goOn: () => performance.now() < end,
      progress: (phase, doneBytes, totalBytes) => options.onProgress?.({ phase, doneBytes, totalBytes }),
    };
    const brought = await bringRelease(job, read);
    if ('doneBytes' in brought) return { state: 'continue', release, ...brought };
    const previous = await makeCurrent(job);
    const keeping = { keep: options.keep ?? KEEP, protect: options.protect ?? [] };
    const pruned = await pruneReleases(store, held.work, held.lock, keeping);
    return { state: 'done', release, previous, pruned, ...describe(read.manifest, brought) };
  });
}

interface Plan {
  readonly store: Store;
  readonly release: string;
  readonly read: FoundManifest;
}

/** Finds out what can be known before anything is written. */
async function plan(
  source: BundleSource,
  dir: string,
  { release: asked, protect = [], inflate, signal }: SyncOptions,
): Promise<Plan> {
  try {
    const store = await planStore(dir);
    const release = await chooseRelease(source, store, asked);
    await checkProtected(store, protect, release);
    return { store, release, read: await findManifest(source, store, release, inflate) };
  } catch (error) {
    throw await explainFailure(error, { dir, lock: null, signal, onlyReads: true });
  }
}

interface Brought {
  /** Null where nothing had to be written. */
  readonly written: WrittenTree | null;
  readonly repaired: readonly string[];
}

async function bringRelease(job: Job, { json, isStored }: FoundManifest): Promise<Brought | Unfinished> {
  const { store, work, release, manifest, signal } = job;
  // One that was stored may have been pruned meanwhile.
  const manifestPath = join(store.manifests, `${release}.json`);
  if (!isStored || !(await orNull(lstat(manifestPath)))) await replaceFile(work, manifestPath, json);
  if ((await listReleases(store)).includes(release)) {
    const isSuspect = (await orNull(lstat(join(store.spoilt, `${release}.json`)))) !== null;
    const checking = isSuspect ? { signal, onBytes: () => {} } : null;
    const problems = await inspectRelease(store, release, manifest, checking);
    if (problems.length === 0) return { written: null, repaired: [] };
    const written = await repairRelease(job, problems);
    return 'doneBytes' in written ? written : { written, repaired: problems.map(({ path }) => path) };
  }
  const written = await writeTree(job, manifest);
  if ('doneBytes' in written) return written;
  await finishRelease(job, written.root);
  return { written, repaired: [] };
}

/** The tree is whole and verified, and becomes a release. */
async function finishRelease({ store, lock, work, release, progress }: Job, root: string): Promise<void> {
  progress('finish', 0, 0);
  const now = await lock.confirm();
  await rename(root, join(store.releases, release));
  await touchRelease(store, release, now);
  await flushFolder(store.releases);
  await removeAll(journalOf(work, release));
}

async function makeCurrent({ store, lock, work, release }: Job): Promise<string | null> {
  const current = await readCurrent(store);
  if (current === release) return null;
  const entries = await readHistory(store, current);
  await lock.confirm();
  await writeHistory(store, work, [...entries, release]);
  return switchCurrent(store, work, lock, release);
}

function describe({ name, files }: BundleManifest, { written, repaired }: Brought) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const { linkedFiles = 0, linkedBytes = 0, writtenFiles = 0, writtenBytes = 0 } = written ?? {};
  return {
    ...{ name, files: files.length, bytes, wasThere: written === null, repaired },
    ...{ linkedFiles, linkedBytes, writtenFiles, writtenBytes },
    fetchedBytes: written?.fetchedBytes ?? 0,
  };
}
