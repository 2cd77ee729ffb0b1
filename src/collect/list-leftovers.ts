import { relative } from 'node:path';
import type { Removal, RuleRef } from '../types.ts';
import { toPosix } from '../util/path.ts';
import { type Bundle, bundledPackageDirs } from './bundle/bundle-function.ts';
import type { Dependencies } from './install/resolve-dependencies.ts';
import { listPackageFiles } from './list-files.ts';
import { toPlace } from './to-place.ts';

const BUNDLED: RuleRef = {
  id: 'collect/bundled',
  why: 'what the function uses of this package is inside the bundle',
};
const UNUSED: RuleRef = { id: 'collect/unused', why: 'nothing that is kept imports this package' };

/** What was installed and does not go into the artifact, with the reason. */
export interface Leftovers {
  readonly removals: readonly Removal[];
  readonly installedBytes: number;
  readonly installedFiles: number;
}

/** Names, file by file, the production packages that stay behind. `keptDirs` are real folders. */
export async function listLeftovers(
  bundle: Bundle,
  { base, installDir, installed }: Dependencies,
  keptDirs: ReadonlySet<string>,
): Promise<Leftovers> {
  const bundledDirs = bundledPackageDirs(bundle);
  const importersOf = (file: string): readonly string[] =>
    (bundle.inputs.get(file) ?? []).map(path => toPlace(path, [base, installDir]));
  const removals: Removal[] = [];
  let installedBytes = 0;
  let installedFiles = 0;
  for (const { manifest, found } of installed.packages) {
    const isBundled = bundledDirs.has(found.dir);
    for (const file of await listPackageFiles(found.dir)) {
      installedBytes += file.bytes;
      installedFiles += 1;
      if (keptDirs.has(found.dir)) continue;
      removals.push({
        path: toPosix(relative(installDir, file.path)),
        bytes: file.bytes,
        rule: isBundled ? BUNDLED : UNUSED,
        package: `${manifest.name}@${manifest.version}`,
        ...(isBundled ? { parents: importersOf(toPosix(file.path)) } : {}),
      });
    }
  }
  return { removals, installedBytes, installedFiles };
}
