import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import type { Platform } from '../../types.ts';
import type { PackageManifest, ReadManifest } from '../package-manifest.ts';
import { findPackage, packageDirOf } from '../package-path.ts';
import { fitsPlatform } from '../platform-fit.ts';
import type { Trace } from './trace-externals.ts';

/** A package that goes into the artifact whole, and why. */
export interface KeptPackage {
  readonly manifest: PackageManifest;
  /** Files or package folders that need it. */
  readonly parents: readonly string[];
  /** Where its dependents look for it, when that is a link and not its folder. */
  readonly links: readonly string[];
}

/** Says whether a preset vouches that a package never uses one of its dependencies at run time. */
export type IsUnusedDependency = (manifest: PackageManifest, dependency: string) => boolean;

type Kept = Map<string, KeptPackage>;

/**
 * The packages that the trace reached, and beyond it those that a kept package can load by a name that the trace did not
 * follow: optional ones for the platform, and dependencies whose name occurs as a string in its code.
 */
export async function closePackages(
  trace: Trace,
  readManifest: ReadManifest,
  platform: Platform,
  isUnused: IsUnusedDependency,
): Promise<ReadonlyMap<string, KeptPackage>> {
  const kept: Kept = new Map();
  await addTraced(kept, trace, readManifest);
  // A Map is walked in order of insertion, and sees what is added on the way.
  for (const [dir, { manifest }] of kept) {
    for (const name of await wantedDependencies(manifest, isUnused)) {
      const found = await findPackage(name, dir);
      const child = found && (await readManifest(found.dir));
      if (!found || !child || !fitsPlatform(child, platform)) continue;
      const known = kept.get(found.dir) ?? { manifest: child, parents: [dir], links: [] };
      const links = found.path === found.dir ? known.links : [...new Set([...known.links, found.path])];
      kept.set(found.dir, { ...known, links });
    }
  }
  return kept;
}

async function addTraced(kept: Kept, trace: Trace, readManifest: ReadManifest): Promise<void> {
  for (const [file, parents] of trace) {
    const dir = packageDirOf(file);
    // The trace names links of node_modules as well; they come along as entries of their own.
    if (!dir || kept.has(dir) || (await realpath(dir)) !== dir) continue;
    const manifest = await readManifest(dir);
    const outside = parents.filter(parent => packageDirOf(parent) !== dir);
    if (manifest) kept.set(dir, { manifest, parents: outside, links: [] });
  }
}

async function wantedDependencies(
  manifest: PackageManifest,
  isUnused: IsUnusedDependency,
): Promise<readonly string[]> {
  const candidates = [...manifest.dependencies, ...manifest.peerDependencies].filter(
    name => !isUnused(manifest, name),
  );
  const mentioned = candidates.length > 0 ? await findMentioned(manifest.dir, candidates) : [];
  return [...mentioned, ...manifest.optionalDependencies.filter(name => !isUnused(manifest, name))];
}

/** Of the names, those that occur in quotes in some code file of the package. */
async function findMentioned(dir: string, names: readonly string[]): Promise<readonly string[]> {
  const open = new Set(names);
  const files = await fastGlob('**/*.{js,cjs,mjs,node.js}', {
    cwd: dir,
    ignore: ['node_modules/**'],
    followSymbolicLinks: false,
  });
  for (const file of files.sort()) {
    if (open.size === 0) break;
    const code = await readFile(join(dir, file), 'utf8');
    for (const name of open) {
      if ([`'${name}`, `"${name}`, `\`${name}`].some(quoted => code.includes(quoted))) open.delete(name);
    }
  }
  return names.filter(name => !open.has(name));
}
