import { join, relative } from 'node:path';
import type { ResolvedFunction } from '../types.ts';
import { toPosix } from '../util/path.ts';
import type { TracedBundle } from './bundle-with-dependencies.ts';
import type { Dependencies } from './install/resolve-dependencies.ts';
import type { InstalledPackages } from './installed-packages.ts';
import { packageDirOf } from './package-path.ts';

/**
 * A function below another package's lockfile needs that folder as the root of its artifact only for what it takes from
 * there. Where it takes nothing, its own folder is the root, so that its `Handler` is as short as people expect.
 */
export function narrowBase(
  fn: ResolvedFunction,
  dependencies: Dependencies,
  bundle: TracedBundle,
): Dependencies {
  const { base, installDir } = dependencies;
  const ownInstallDir = join(installDir, relative(base, fn.root));
  const isInside = (path: string, dir: string): boolean => `${toPosix(path)}/`.startsWith(`${toPosix(dir)}/`);
  const sources = [...bundle.inputs.keys(), ...bundle.own.files.keys()].filter(path => !packageDirOf(path));
  const outside = bundle.externals.flatMap(({ packageDir }) => packageDir ?? []);
  const isSelfContained =
    sources.every(path => isInside(path, fn.root)) && outside.every(dir => isInside(dir, ownInstallDir));
  if (base === fn.root || !isSelfContained) return dependencies;
  const installed = dependencies.isBorrowed ? NOTHING : dependencies.installed;
  return { ...dependencies, base: fn.root, installDir: ownInstallDir, installed };
}

const NOTHING: InstalledPackages = { packages: [], missing: [], missingForPlatform: [] };
