import type { Entry, Tree } from '../types.ts';
import { compareCodeUnits, toArtifactPath } from '../util/path.ts';

/** Folder of the second artifact. As a layer it lies in `/opt`, where the shims look for it. */
export const REST_FOLDER = 'lambda-slim-rest';

/** The second artifact: all files that were taken out, each below `lambda-slim-rest/`. Links are in the index of the first one. */
export function restTree(rest: readonly Entry[]): Tree {
  const entries = rest
    .flatMap((entry): readonly Entry[] =>
      entry.kind === 'file' ? [{ ...entry, path: toArtifactPath(`${REST_FOLDER}/${entry.path}`) }] : [],
    )
    .sort((a, b) => compareCodeUnits(a.path, b.path));
  return { entries, packages: [], removals: [] };
}
