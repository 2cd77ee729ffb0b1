import { relative } from 'node:path';
import type { Finding } from '../findings.ts';
import { matchGlobs } from '../presets/match-glob.ts';
import type { Entry, Removal, RuleRef } from '../types.ts';
import { toPosix } from '../util/path.ts';
import { type Bundle, bundledPackageDirs } from './bundle/bundle-function.ts';
import type { Dependencies } from './install/resolve-dependencies.ts';
import { listPackageFiles } from './list-files.ts';
import { toEntry } from './to-entry.ts';
import { toPlace } from './to-place.ts';

const BUNDLED: RuleRef = {
  id: 'collect/bundled',
  why: 'what the function uses of this package is inside the bundle',
};
const UNUSED: RuleRef = { id: 'collect/unused', why: 'nothing that is kept imports this package' };

/** What was installed and does not go into the artifact, with the reason. */
export interface Leftovers {
  /** Files that a `keep` glob of the user names. */
  readonly entries: readonly Entry[];
  readonly findings: readonly Finding[];
  readonly removals: readonly Removal[];
  readonly installedBytes: number;
  readonly installedFiles: number;
}

/** Names, file by file, the production packages that stay behind. `keptDirs` are real folders; `keep` globs beat everything. */
export async function listLeftovers(
  bundle: Bundle,
  { base, installDir, installed }: Dependencies,
  keptDirs: ReadonlySet<string>,
  keep: readonly string[],
): Promise<Leftovers> {
  const bundledDirs = bundledPackageDirs(bundle);
  const made: (Entry | Finding)[] = [];
  const removals: Removal[] = [];
  const sizes: number[] = [];
  for (const { manifest, found } of installed.packages) {
    const isBundled = bundledDirs.has(found.dir);
    for (const file of await listPackageFiles(found.dir)) {
      sizes.push(file.bytes);
      if (keptDirs.has(found.dir)) continue;
      const path = toPosix(relative(installDir, file.path));
      const pattern = keep.find(glob => matchGlobs([glob])(path));
      if (pattern !== undefined) made.push(await toEntry(file, installDir, { kind: 'include', pattern }));
      const importers = bundle.inputs.get(toPosix(file.path)) ?? [];
      removals.push({
        path,
        bytes: file.bytes,
        rule: isBundled ? BUNDLED : UNUSED,
        package: `${manifest.name}@${manifest.version}`,
        ...(isBundled ? { parents: importers.map(importer => toPlace(importer, [base, installDir])) } : {}),
      });
    }
  }
  return {
    entries: made.filter(entry => 'kind' in entry),
    findings: made.filter(entry => 'code' in entry),
    removals,
    installedBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    installedFiles: sizes.length,
  };
}
