import { findKeeper } from '../presets/find-keeper.ts';
import { matchGlobs } from '../presets/match-glob.ts';
import { groupByOwner, insidePath } from '../presets/owners.ts';
import { presetsFor } from '../presets/presets-for.ts';
import type { PresetLibrary } from '../presets/schema.ts';
import type { Arch, Runtime, Tree } from '../types.ts';

export interface PinSources {
  readonly library: PresetLibrary;
  /** Globs over paths of the artifact. */
  readonly keep: readonly string[];
  readonly target: { readonly runtime: Runtime; readonly arch: Arch };
}

/** What stays whoever needs it: own code, what was included or made, what `keep` and presets hold, licences and metadata. */
export function findPinned(tree: Tree, { library, keep, target }: PinSources): ReadonlySet<string> {
  const { presets, alwaysKeep } = library;
  const platform = { os: 'linux', arch: target.arch, libc: 'glibc', runtime: target.runtime } as const;
  const isKept = matchGlobs(keep);
  const always = findKeeper({ presets: [], alwaysKeep, platform });
  const pinned = new Set<string>();
  for (const { path, origin } of tree.entries) {
    const isOwn = origin.kind === 'entry' || origin.kind === 'include' || origin.kind === 'generated';
    if (isOwn || isKept(path) || always(path)) pinned.add(path);
  }
  for (const { instance, entries } of groupByOwner(tree.entries, tree.packages)) {
    const own = presetsFor(presets, instance.ecosystem, instance.name);
    const keeper = findKeeper({ presets: own, alwaysKeep, platform });
    for (const { path } of entries) if (keeper(insidePath(path, instance))) pinned.add(path);
  }
  return pinned;
}
