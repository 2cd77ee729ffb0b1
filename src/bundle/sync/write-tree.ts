import type { Stats } from 'node:fs';
import { lstat, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../errors.ts';
import { orNull } from '../../util/fs.ts';
import { mapPool } from '../../util/pool.ts';
import type { BundleManifest } from '../types.ts';
import { checkFiles } from './check-files.ts';
import { checkSource } from './check-source.ts';
import { type Fetch, makeFetch, type Unfinished, type Wanted } from './fetch-wanted.ts';
import type { Job } from './job.ts';
import { openJournal } from './journal.ts';
import { linkKnown, listKnown } from './link-unchanged.ts';
import { cutPieces } from './plan-pieces.ts';
import { sweepTree } from './sweep-tree.ts';
import { FILES_AT_ONCE, flushTree, makeTree } from './tree-folders.ts';
import { journalOf, partialOf, removeAll } from './work-folder.ts';

export interface WrittenTree {
  readonly root: string;
  readonly linkedFiles: number;
  readonly linkedBytes: number;
  /** What is not linked, also when an earlier try wrote it. */
  readonly writtenFiles: number;
  readonly writtenBytes: number;
  readonly fetchedBytes: number;
}

/**
 * Writes the tree of a manifest into the work folder, on top of what an earlier try has left there: links what other releases have,
 * fetches the rest, flushes all, and reads every file back. Throws `BUNDLE_SPOILT`, `BUNDLE_UNREACHABLE`, `STORE_SPOILT`.
 */
export async function writeTree(job: Job, manifest: BundleManifest): Promise<WrittenTree | Unfinished> {
  const root = partialOf(job.work, job.release);
  if (!(await orNull(lstat(root)))?.isDirectory()) await removeAll(root);
  await makeTree(root, { ...manifest, files: [], links: [] });
  const present = await sweepTree(root, manifest);
  await makeTree(root, manifest);
  const linked = await linkFiles(job, manifest, root, present);
  await mapPool(
    manifest.links.filter(({ path }) => !present.has(path)),
    FILES_AT_ONCE,
    ({ path, target }) => symlink(target, join(root, path)),
  );
  const journal = await openJournal(journalOf(job.work, job.release));
  try {
    const fetch = makeFetch(job, manifest, root, journal);
    const wanted = chooseWanted(manifest, present, linked, journal.done);
    const unfinished = await fetch.run(wanted);
    if (unfinished) return unfinished;
    const spoilt = await verifyTree(job, manifest, root, fetch);
    if ('doneBytes' in spoilt) return spoilt;
    const kept = manifest.files.filter(({ path }) => linked.has(path) && !spoilt.has(path));
    const [linkedBytes, allBytes] = [sumBytes(kept), sumBytes(manifest.files)];
    return {
      ...{ root, linkedFiles: kept.length, linkedBytes },
      ...{ writtenFiles: manifest.files.length - kept.length, writtenBytes: allBytes - linkedBytes },
      fetchedBytes: fetch.fetchedBytes(),
    };
  } finally {
    await journal.close();
  }
}

/** Gives the paths that share their content with another release. */
async function linkFiles(
  { store, release, progress, signal }: Job,
  { files }: BundleManifest,
  root: string,
  present: ReadonlyMap<string, Stats>,
): Promise<ReadonlySet<string>> {
  const known = await listKnown(store, release);
  const shared = [...present].filter(([, stats]) => stats.isFile() && stats.nlink > 1);
  const linked = new Set(shared.map(([path]) => path));
  const missing = files.filter(({ path, bytes }) => bytes > 0 && !present.has(path));
  const totalBytes = sumBytes(missing);
  let doneBytes = 0;
  await mapPool(known.size > 0 ? missing : [], FILES_AT_ONCE, async file => {
    signal.throwIfAborted();
    if (await linkKnown(store, known, file, root)) linked.add(file.path);
    doneBytes += file.bytes;
    progress('link', doneBytes, totalBytes);
  });
  return linked;
}

/** Files that are neither linked nor whole by what the journal says. */
function chooseWanted(
  { files, chunks }: BundleManifest,
  present: ReadonlyMap<string, Stats>,
  linked: ReadonlySet<string>,
  done: ReadonlySet<number>,
): Wanted {
  return files
    .filter(({ path }) => !linked.has(path))
    .map(file => ({ file, begun: present.has(file.path), pieces: cutPieces(file, chunks) }))
    .filter(
      ({ begun, pieces }) =>
        !begun || [...pieces.keys()].some(index => !done.has(index)) || pieces.size === 0,
    );
}

/** Reads all files back; what is not right is written anew once. Gives the paths of those. */
async function verifyTree(
  job: Job,
  manifest: BundleManifest,
  root: string,
  fetch: Fetch,
): Promise<ReadonlySet<string> | Unfinished> {
  const totalBytes = sumBytes(manifest.files);
  let doneBytes = 0;
  const onBytes = (bytes: number): void => {
    doneBytes += bytes;
    job.progress('verify', Math.min(doneBytes, totalBytes), totalBytes);
  };
  const check = { signal: job.signal, onBytes };
  await flushTree(root, manifest);
  const spoilt = new Set((await checkFiles(root, manifest.files, check)).map(({ path }) => path));
  if (spoilt.size === 0) return spoilt;
  const files = manifest.files.filter(({ path }) => spoilt.has(path));
  await mapPool(files, FILES_AT_ONCE, ({ path }) => unlink(join(root, path)).catch(ignoreMissing));
  const unfinished = await fetch.run(files.map(file => ({ file, begun: false })));
  if (unfinished) return unfinished;
  await flushTree(root, manifest);
  const [still] = await checkFiles(root, files, check);
  if (still) {
    await checkSource(job, manifest, still.path);
    throw new SlimError('STORE_SPOILT', [join(root, still.path), `it reads back otherwise (${still.kind})`]);
  }
  return spoilt;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function sumBytes(files: BundleManifest['files']): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
