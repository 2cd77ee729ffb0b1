import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../errors.ts';
import { orNull } from '../../util/fs.ts';
import type { Unfinished } from './fetch-wanted.ts';
import { inspectRelease } from './inspect-release.ts';
import type { Job } from './job.ts';
import { flushTree, makeTree } from './tree-folders.ts';
import type { Problem } from './types.ts';
import { journalOf, removeAll } from './work-folder.ts';
import { type WrittenTree, writeTree } from './write-tree.ts';

/**
 * Makes a release whole again while others read it: each file is written elsewhere, verified, and renamed over the one that is
 * spoilt, which other releases may share.
 */
export async function repairRelease(
  job: Job,
  problems: readonly Problem[],
): Promise<WrittenTree | Unfinished> {
  const { store, lock, work, release, manifest, signal } = job;
  const bad = new Set(problems.map(({ path }) => path));
  const files = manifest.files.filter(({ path }) => bad.has(path));
  const links = manifest.links.filter(({ path }) => bad.has(path));
  const written = await writeTree(job, { ...manifest, files, links });
  if ('doneBytes' in written) return written;
  const root = join(store.releases, release);
  await lock.confirm();
  // What is of another kind cannot be renamed over.
  for (const [index, { path, kind }] of problems.entries())
    if (kind === 'kind' || kind === 'unknown')
      await orNull(rename(join(root, path), join(work, `gone-${index}`)));
  await makeTree(root, manifest);
  for (const { path } of [...files, ...links]) await rename(join(written.root, path), join(root, path));
  await flushTree(root, manifest);
  await removeAll(written.root);
  await removeAll(journalOf(work, release));
  const [still] = await inspectRelease(store, release, manifest, { signal, onBytes: () => {} });
  if (still) throw new SlimError('STORE_SPOILT', [join(root, still.path), `it is still ${still.kind}`]);
  await orNull(rename(join(store.spoilt, `${release}.json`), join(work, 'gone-spoilt')));
  return written;
}
