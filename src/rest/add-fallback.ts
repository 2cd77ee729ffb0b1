import { LIBRARY_DIR } from '../codec/library-index.ts';
import { SlimError } from '../errors.ts';
import { hookNode } from '../hooks/hook-node.ts';
import { hookPython } from '../hooks/hook-python.ts';
import type { Context, Entry, Platform, Tree } from '../types.ts';
import { generatedEntry } from '../util/generated-entry.ts';
import { compareCodeUnits } from '../util/path.ts';
import { makeRestIndex } from './rest-index.ts';
import { loadRestShims } from './rest-shims.ts';

export interface WithFallback {
  readonly tree: Tree;
  /** What to write into the function's `Handler` setting: what it was. */
  readonly handler: string;
}

/**
 * Lets a function fetch what was taken out of it, at run time and once each: puts the shim, the index of `rest` and a hook into the
 * tree, so that the shim runs before the handler's own module. Wants the tree as it is archived: whatever renames the handler or
 * compresses libraries comes before. Throws `FALLBACK_UNSUPPORTED`, `FILE_CHANGED`, `FILE_UNREADABLE`, `CANCELLED`.
 */
export async function addFallback(
  tree: Tree,
  rest: readonly Entry[],
  handler: string,
  platform: Platform,
  context: Context,
): Promise<WithFallback> {
  const { language } = platform.runtime;
  context.progress.start('index removed files');
  const { index, digests } = await makeRestIndex(tree.entries, rest, context.signal);
  const hook = language === 'python' ? hookPython : hookNode;
  const hooked = await hook(tree.entries, handler, {
    by: 'fallback',
    script: `${LIBRARY_DIR}/rest.cjs`,
    module: 'lambda_slim_rest',
    folder: `${LIBRARY_DIR}/rest`,
    refuse: reason => {
      throw new SlimError('FALLBACK_UNSUPPORTED', [handler, reason]);
    },
  });
  const added = [
    [`${LIBRARY_DIR}/rest.json`, Buffer.from(`${JSON.stringify(index)}\n`)] as const,
    [`${LIBRARY_DIR}/rest.sha256`, digests] as const,
    ...loadRestShims(language),
  ].map(([path, data]) => generatedEntry(path, data, 'fallback'));
  // Compressed libraries have brought some of them already.
  const present = new Set<string>(hooked.map(({ path }) => path));
  const missing = added.filter(({ path }) => !present.has(path));
  const entries = [...hooked, ...missing].sort((a, b) => compareCodeUnits(a.path, b.path));
  context.progress.done(`${rest.length} files`);
  return { tree: { ...tree, entries }, handler };
}
