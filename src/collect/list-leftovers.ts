import { relative } from 'node:path';
import type { Removal, RuleRef } from '../types.ts';
import { toPosix } from '../util/path.ts';
import type { InstalledPackage } from './installed-packages.ts';
import { listPackageFiles } from './list-files.ts';

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

/** Names, file by file, the production packages that stay behind. `keptDirs` and `bundledDirs` are real folders. */
export async function listLeftovers(
  installed: readonly InstalledPackage[],
  installDir: string,
  keptDirs: ReadonlySet<string>,
  bundledDirs: ReadonlySet<string>,
  importersOf: (file: string) => readonly string[],
): Promise<Leftovers> {
  const removals: Removal[] = [];
  let installedBytes = 0;
  let installedFiles = 0;
  for (const { manifest, found } of installed) {
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
