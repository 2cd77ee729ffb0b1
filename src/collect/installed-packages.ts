import type { Platform } from '../types.ts';
import type { PackageManifest, ReadManifest } from './package-manifest.ts';
import { type FoundPackage, findPackage, packageDirOf } from './package-path.ts';
import { isNamedForPlatform } from './platform-fit.ts';

/** A package that the function depends on, directly or not, as it lies on disk. */
export interface InstalledPackage {
  readonly manifest: PackageManifest;
  readonly found: FoundPackage;
}

export interface InstalledPackages {
  readonly packages: readonly InstalledPackage[];
  /** Names that some package must have and that are not there. */
  readonly missing: readonly string[];
  /** Optional packages named for the target's platform that are not there. */
  readonly missingForPlatform: readonly string[];
}

/** Walks the production dependencies of the package in `rootDir` through node_modules, as Node would resolve them. */
export async function listInstalledPackages(
  rootDir: string,
  platform: Platform,
  readManifest: ReadManifest,
): Promise<InstalledPackages> {
  const packages = new Map<string, InstalledPackage>();
  const missing = new Set<string>();
  const missingForPlatform = new Set<string>();
  const queue: { dir: string; manifest: PackageManifest | null }[] = [
    { dir: rootDir, manifest: await readManifest(rootDir) },
  ];
  for (const { dir, manifest } of queue) {
    const required = new Set(manifest?.dependencies);
    for (const name of [...(manifest?.dependencies ?? []), ...(manifest?.optionalDependencies ?? [])]) {
      const found = await findPackage(name, dir);
      if (!found && required.has(name)) missing.add(name);
      if (!found && !required.has(name) && isNamedForPlatform(name, platform)) missingForPlatform.add(name);
      if (!found || packages.has(found.dir)) continue;
      const child = await readManifest(found.dir);
      if (!child) continue;
      if (packageDirOf(found.dir)) packages.set(found.dir, { manifest: child, found });
      queue.push({ dir: found.dir, manifest: child });
    }
  }
  return {
    packages: [...packages.values()],
    missing: [...missing],
    missingForPlatform: [...missingForPlatform],
  };
}
