import { join, relative } from 'node:path';
import { SlimError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import type { Context, Platform, ResolvedFunction } from '../../types.ts';
import { exists } from '../../util/fs.ts';
import { type InstalledPackages, listInstalledPackages } from '../installed-packages.ts';
import type { ReadManifest } from '../package-manifest.ts';
import { findInstallRoot } from './find-install-root.ts';
import { chooseImage } from './image/choose-image.ts';
import { installForPlatform } from './install-for-platform.ts';
import { findOwnAddons, NO_ADDONS } from './own-addons.ts';

/** Where the function's packages lie, for the target platform. */
export interface Dependencies {
  /** The user's folder that artifact paths are relative to. */
  readonly base: string;
  /** The folder whose node_modules is used: `base` itself, or its mirror in the cache. */
  readonly installDir: string;
  readonly installed: InstalledPackages;
  readonly lockfile: string | null;
  /** The folder of system libraries that came from an image; null where there are none. */
  readonly libraries: string | null;
  /** Files of the project, absolute, that packages were compiled from for this. */
  readonly compiledFrom: readonly string[];
  /** True where the function names no dependencies and may use those of the package above it. */
  readonly isBorrowed: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Uses the installed tree of the user when it holds what the target needs, else installs it apart. Borrowed dependencies
 * are taken as they are: whether the function uses any is not known before it is bundled.
 */
export async function resolveDependencies(
  fn: ResolvedFunction,
  readManifest: ReadManifest,
  context: Context,
): Promise<Dependencies> {
  const root = await findInstallRoot(fn.root, readManifest);
  const dependent = await findDependent(fn.root, root.dir, readManifest);
  const installed = await listInstalledPackages(dependent, fn.platform, readManifest);
  const lockfile = root.lockfile?.file ?? null;
  const isBorrowed = dependent !== fn.root;
  const own = {
    ...{ base: root.dir, installDir: root.dir, installed, lockfile, isBorrowed },
    ...{ libraries: null, compiledFrom: [], findings: [] },
  };
  return isBorrowed ? own : ensureForPlatform(fn, own, readManifest, context);
}

/** Installs the dependencies for the target apart from the user's tree, unless that holds them. */
export async function ensureForPlatform(
  fn: ResolvedFunction,
  own: Dependencies,
  readManifest: ReadManifest,
  context: Context,
): Promise<Dependencies> {
  const image = chooseImage(fn);
  const root = await findInstallRoot(fn.root, readManifest);
  const addons = image ? await findOwnAddons(root.dir) : NO_ADDONS;
  const isInImage = image !== null && !(isEmpty(own.installed) && addons.folders.length === 0);
  if (!isInImage && (await holdsTarget(own.installed, fn.platform, fn.install.scripts))) return own;
  const findings: Finding[] = root.lockfile ? [] : [{ code: 'NO_LOCKFILE', level: 'warning', root: fn.name }];
  const choice = { platform: fn.platform, scripts: fn.install.scripts, image, addons };
  const { dir: installDir, libraries } = await installForPlatform(root, choice, context);
  const dependent = await findDependent(fn.root, root.dir, readManifest);
  const mirrored = join(installDir, relative(root.dir, dependent));
  const installed = await listInstalledPackages(mirrored, fn.platform, readManifest);
  if (installed.missing.length > 0) {
    throw new SlimError('DEPENDENCY_MISSING', [installed.missing.join(', '), 'package.json']);
  }
  const compiledFrom = addons.files.map(file => join(root.dir, file));
  return { ...own, installDir, installed, libraries, compiledFrom, isBorrowed: false, findings };
}

/** The folder whose package.json names the dependencies: the function's own, or that of the install root where it names none. */
async function findDependent(
  fnRoot: string,
  installRoot: string,
  readManifest: ReadManifest,
): Promise<string> {
  const manifest = await readManifest(fnRoot);
  const namesAny = manifest && manifest.dependencies.length + manifest.optionalDependencies.length > 0;
  return namesAny ? fnRoot : installRoot;
}

function isEmpty({ packages, missing, missingForPlatform }: InstalledPackages): boolean {
  return packages.length + missing.length + missingForPlatform.length === 0;
}

async function holdsTarget(
  own: InstalledPackages,
  platform: Platform,
  scripts: readonly string[],
): Promise<boolean> {
  if (own.missing.length > 0 || own.missingForPlatform.length > 0) return false;
  if (own.packages.length > 0 && scripts.length > 0) return false;
  if (process.platform === platform.os && process.arch === platform.arch) return true;
  // What node-gyp compiled here is for this host, whatever the names of other files say.
  const compiled = await Promise.all(
    own.packages.map(({ found }) => exists(join(found.dir, 'build', 'Release'))),
  );
  return !compiled.includes(true);
}
