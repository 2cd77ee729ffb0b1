import type { BundledPackage } from '../types.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { Bundle } from './bundle/bundle-function.ts';
import type { ReadManifest } from './package-manifest.ts';
import { packageDirOf } from './package-path.ts';

/** The packages with code inside the bundle, and how much of it is theirs; those of which nothing was left are not there. */
export async function listBundledPackages(
  bundle: Bundle,
  readManifest: ReadManifest,
): Promise<readonly BundledPackage[]> {
  const bytesByDir = new Map<string, number>();
  for (const [path, bytes] of bundle.bytesByInput) {
    const dir = packageDirOf(path);
    if (dir !== null && bytes > 0) bytesByDir.set(dir, (bytesByDir.get(dir) ?? 0) + bytes);
  }
  const found = new Map<string, BundledPackage>();
  for (const [dir, bytes] of bytesByDir) {
    const manifest = await readManifest(dir);
    if (!manifest) continue;
    const { name, version, dependencies, optionalDependencies, license } = manifest;
    const label = `${name}@${version}`;
    const requires = [...dependencies, ...optionalDependencies].sort(compareCodeUnits);
    const before = found.get(label)?.bytes ?? 0;
    found.set(label, { name, version, bytes: before + bytes, requires, license });
  }
  return [...found].sort(([a], [b]) => compareCodeUnits(a, b)).map(([, each]) => each);
}
