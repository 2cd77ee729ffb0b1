import { constants } from 'node:fs';
import { copyFile, cp, lstat, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { makeFolders, orNull } from '../util/fs.ts';

/** A copy of the slim function into which files of the original are put back. */
export interface TrialFolder {
  readonly code: string;
  /** Puts back exactly these paths; every other one is again as the slim function has it. */
  restore(paths: readonly string[]): Promise<void>;
}

/** Copies the slim function's folder to `code`. Files are copied, never linked, so that nothing run there reaches the originals. */
export async function makeTrialFolder(original: string, slim: string, code: string): Promise<TrialFolder> {
  await cp(slim, code, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  let restored: ReadonlySet<string> = new Set();
  return {
    code,
    async restore(paths) {
      const wanted = new Set(paths);
      for (const path of restored) if (!wanted.has(path)) await place(path, slim, code);
      for (const path of wanted) if (!restored.has(path)) await place(path, original, code);
      restored = wanted;
    },
  };
}

/** Makes a path in `into` what it is in `from`; where there is nothing, nothing. */
async function place(path: string, from: string, into: string): Promise<void> {
  const [source, target] = [join(from, path), join(into, path)];
  const found = await orNull(lstat(source));
  await makeFolders(dirname(target));
  // A link of a foreign artifact may lead out of the copy.
  const [parent, root] = await Promise.all([realpath(dirname(target)), realpath(into)]);
  if (!`${parent}${sep}`.startsWith(`${root}${sep}`)) return;
  await rm(target, { recursive: true, force: true });
  if (!found) return;
  if (found.isSymbolicLink()) await symlink(await readlink(source), target);
  else if (found.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE);
}
