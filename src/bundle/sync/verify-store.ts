import { randomBytes } from 'node:crypto';
import { rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../errors.ts';
import { matchRelease } from './choose-release.ts';
import { explainFailure } from './explain-failure.ts';
import { inspectRelease } from './inspect-release.ts';
import { readStoredManifest } from './link-unchanged.ts';
import { listReleases, readCurrent, type Store, toStore } from './store.ts';
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
}

/**
 * Reads every byte of a release in a store and compares it with its manifest. Where the store may be written, it remembers a release
 * that is spoilt, so that the next sync of it writes anew what is wrong. Throws `STORE_MISSING`, `RELEASE_*`, `SYNC_UNREADABLE`.
 */
export async function verifyStore(
  dir: string,
  { release: asked, signal = new AbortController().signal, onProgress }: VerifyStoreOptions = {},
): Promise<VerifiedStore> {
  const store = toStore(dir);
  try {
    const release = await chooseThere(store, asked);
    const manifest = await readStoredManifest(store, release);
    if (!manifest) throw new SlimError('STORE_SPOILT', [dir, `the manifest of ${release} is not in it`]);
    const totalBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
    let doneBytes = 0;
    const onBytes = (bytes: number): void => {
      doneBytes += bytes;
      onProgress?.({ phase: 'verify', doneBytes, totalBytes });
    };
    const problems = await inspectRelease(store, release, manifest, { signal, onBytes });
    await remember(store, release, problems).catch(() => {});
    return { release, name: manifest.name, files: manifest.files.length, bytes: totalBytes, problems };
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

/** What lies there is a mark for the next sync, and a list for people. */
async function remember(store: Store, release: string, problems: readonly Problem[]): Promise<void> {
  const path = join(store.spoilt, `${release}.json`);
  if (problems.length === 0) return unlink(path);
  const temporary = join(store.spoilt, `.${randomBytes(8).toString('hex')}`);
  await writeFile(temporary, `${JSON.stringify(problems, null, 2)}\n`, { flag: 'wx' });
  await rename(temporary, path);
}
