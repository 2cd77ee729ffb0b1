import { LIBRARY_DIR } from '../codec/library-index.ts';
import { SlimError } from '../errors.ts';
import { hookNode } from '../hooks/hook-node.ts';
import { hookPython } from '../hooks/hook-python.ts';
import { matchGlobs } from '../presets/match-glob.ts';
import type { EfsOptions, Entry, Platform, Tree } from '../types.ts';
import { generatedEntry } from '../util/generated-entry.ts';
import { compareCodeUnits } from '../util/path.ts';
import { chooseExpected } from './choose-expected.ts';
import { loadEfsShims } from './efs-shims.ts';
import { type Grouped, splitTree } from './split-tree.ts';

export interface EfsSplit {
  /** The zip, with what finds the rest at run time. */
  readonly zip: Tree;
  readonly bundle: readonly Grouped[];
}

/**
 * Parts a tree into a small zip and what lies on the file system, and puts the shim that finds it before the handler's module.
 * Wants the tree as it is archived. Throws `EFS_UNSUITED`, `FILE_CHANGED`, `FILE_UNREADABLE`.
 */
export async function splitForEfs(
  tree: Tree,
  handler: string,
  { runtime: { language } }: Platform,
  { files }: Pick<EfsOptions, 'files'>,
): Promise<EfsSplit> {
  const { zip, bundle } = splitTree(tree, { language, isWanted: matchGlobs(files) });
  const hook = language === 'python' ? hookPython : hookNode;
  const hooked = await hook(zip, handler, {
    by: 'efs',
    script: `${LIBRARY_DIR}/efs.cjs`,
    module: 'lambda_slim_efs',
    folder: `${LIBRARY_DIR}/efs`,
    refuse: reason => {
      throw new SlimError('EFS_UNSUITED', [handler, reason]);
    },
  });
  const expected = chooseExpected({ zip, bundle }, language);
  const shims = [...loadEfsShims(language, expected)].map(([path, data]) =>
    generatedEntry(path, data, 'efs'),
  );
  return { zip: { ...tree, entries: sort([...hooked, ...shims]) }, bundle };
}

function sort(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => compareCodeUnits(a.path, b.path));
}
