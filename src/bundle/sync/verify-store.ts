import { rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../errors.ts';
import { orNull } from '../../util/fs.ts';
import type { BundleManifest } from '../types.ts';
import { matchRelease } from './choose-release.ts';
import { explainFailure } from './explain-failure.ts';
import { findStore } from './find-store.ts';
import { inspectRelease } from './inspect-release.ts';
import { readStored } from './read-stored.ts';
import { toTemporary } from './server-time.ts';
import { listReleases, readCurrent, type Store } from './store.ts';
import type { Problem, SyncProgress } from './types.ts';

export interface VerifyStoreOptions {
  /** Id of a release or how it begins; else the current one. */
  readonly release?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
}

export interface VerifiedStore {
  readonly release: string;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  /** Sorted by path; none where all is as it should be. */
  readonly problems: readonly Problem[];
  readonly isCurrent: boolean;
  /** Whether the next sync of this release will know of the problems; not where this user may not write there. */
  readonly isNoted: boolean;
}

/**
 * Reads every byte of a release in a store and compares it with its manifest. Where the store may be written, it remembers a release
 * that is spoilt, so that the next sync of it writes anew what is wrong. Throws `STORE_*`, `RELEASE_*`,
 * `SYNC_UNREADABLE`.
 */
export async function verifyStore(
  dir: string,
  { release: asked, signal = new AbortController().signal, onProgress }: VerifyStoreOptions = {},
): Promise<VerifiedStore> {
  try {
    const store = await findStore(dir);
    const release = await chooseThere(store, asked);
    const manifest = await readManifestThere(store, release);
    const totalBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
    let doneBytes = 0;
    const onBytes = (bytes: number): void => {
      doneBytes += bytes;
      onProgress?.({ phase: 'verify', doneBytes, totalBytes });
    };
    const problems = await inspectRelease(store, release, manifest, { signal, onBytes });
    const isNoted = await remember(store, release, problems);
    const isCurrent = (await readCurrent(store)) === release;
    const facts = { name: manifest.name, files: manifest.files.length, bytes: totalBytes };
    return { release, ...facts, problems, isCurrent, isNoted };
  } catch (error) {
    throw await explainFailure(error, { dir, lock: null, signal, onlyReads: true });
  }
}

async function chooseThere(store: Store, asked: string | undefined): Promise<string> {
  const [current, there] = [await readCurrent(store), await listReleases(store)];
  if (asked !== undefined) return matchRelease(asked, there, store.dir);
  if (current === null) throw new SlimError('STORE_MISSING', [store.dir]);
  return matchRelease(current, there, store.dir);
}

async function readManifestThere(store: Store, release: string): Promise<BundleManifest> {
  const stored = await readStored(store, release);
  if (stored.kind === 'whole') return stored.manifest;
  const what = stored.kind === 'missing' ? 'is not in it any more' : 'is not what was written';
  throw new SlimError('STORE_SPOILT', [store.dir, `manifests/${release}.json ${what}`]);
}

/** What lies there is a mark for the next sync, and a list for people. False where it could not be written. */
async function remember(store: Store, release: string, problems: readonly Problem[]): Promise<boolean> {
  const path = join(store.spoilt, `${release}.json`);
  const temporary = toTemporary(store.spoilt);
  try {
    if (problems.length === 0) {
      await orNull(unlink(path));
      return true;
    }
    await writeFile(temporary, `${JSON.stringify(problems, null, 2)}\n`, { flag: 'wx' });
    await rename(temporary, path);
    return true;
  } catch {
    await unlink(temporary).catch(() => {});
    return false;
  }
}
