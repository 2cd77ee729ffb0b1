import { readFile } from 'node:fs/promises';
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
  const kept = new Map<string, { manifest: PackageManifest; parents: Set<string>; links: Set<string> }>();
  const keep = async (dir: string, parents: readonly string[], link: string | null): Promise<void> => {
    const known = kept.get(dir);
    if (known) {
      if (link) known.links.add(link);
      return;
    }
    const manifest = await readManifest(dir);
    if (manifest) kept.set(dir, { manifest, parents: new Set(parents), links: new Set(link ? [link] : []) });
  };
  for (const [file, parents] of trace) {
    const dir = packageDirOf(file);
    if (dir && (await isRealPackage(dir)))
      await keep(
        dir,
        parents.filter(parent => packageDirOf(parent) !== dir),
        null,
      );
  }
  // A Map is walked in order of insertion, and sees what is added on the way.
  for (const [dir, { manifest }] of kept) {
    for (const name of await wantedDependencies(manifest, isUnused)) {
      const found = await findPackage(name, dir);
      const child = found && (await readManifest(found.dir));
      if (!found || !child || !fitsPlatform(child, platform)) continue;
      await keep(found.dir, [dir], found.path === found.dir ? null : found.path);
    }
  }
  return new Map(
    [...kept].map(([dir, { manifest, parents, links }]) => [
      dir,
      { manifest, parents: [...parents], links: [...links] },
    ]),
  );
}

async function isRealPackage(dir: string): Promise<boolean> {
  const { realpath } = await import('node:fs/promises');
  return (await realpath(dir)) === dir;
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
