import { collectOriginal } from './collect/collect-original.ts';
import { hintsOf } from './presets/hints-of.ts';
import { loadPresets } from './presets/load.ts';
import type { Context, ResolvedFunction } from './types.ts';
import { layOutTree } from './util/lay-out-tree.ts';

/** Lays the unslimmed function out into `dir`, for running it, and gives its `Handler` setting. Throws as collecting does. */
export async function prepareOriginal(
  fn: ResolvedFunction,
  dir: string,
  context: Context,
): Promise<{ readonly handler: string }> {
  const library = await loadPresets({ userPaths: fn.presets });
  const { entries, handler } = await collectOriginal(
    fn,
    manifest => hintsOf(library.presets, manifest),
    context,
  );
  await layOutTree(entries, dir);
  return { handler };
}
