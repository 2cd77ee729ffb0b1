import { join, relative } from 'node:path';
import type { Finding } from '../findings.ts';
import type { Entry, Origin, PackageInstance, Platform } from '../types.ts';
import { toPosix } from '../util/path.ts';
import { mapPool } from '../util/pool.ts';
import type { Bundle } from './bundle/bundle-function.ts';
import type { Dependencies } from './install/resolve-dependencies.ts';
import { listPackageFiles, statFile } from './list-files.ts';
import type { HintsOf } from './package-hints.ts';
import type { ReadManifest } from './package-manifest.ts';
import { toEntry } from './to-entry.ts';
import { closePackages, type KeptPackage } from './trace/close-packages.ts';
import { traceExternals } from './trace/trace-externals.ts';

/** The packages outside the bundle as entries of the tree. */
export interface CollectedPackages {
  readonly entries: readonly Entry[];
  readonly instances: readonly PackageInstance[];
  /** By real folder. */
  readonly kept: ReadonlyMap<string, KeptPackage>;
  readonly findings: readonly Finding[];
}

export interface CollectPackagesRequest {
  readonly bundle: Bundle;
  readonly dependencies: Dependencies;
  readonly platform: Platform;
  /** Where the bundle looks for its packages. */
  readonly fromDir: string;
  readonly hintsOf: HintsOf;
  readonly readManifest: ReadManifest;
}

/** Files opened at a time. */
const OPEN_FILES = 32;

/**
 * Traces the imports that the bundle leaves outside and takes each package reached *whole*: a static trace may miss a
 * file, and deciding what goes is the business of presets. Traced files carry who asked for them.
 */
export async function collectPackages(request: CollectPackagesRequest): Promise<CollectedPackages> {
  const { bundle, dependencies, platform, hintsOf, readManifest } = request;
  const { installDir } = dependencies;
  const trace = await traceExternals(bundle.externals, installDir, request.fromDir, bundle.path);
  const kept = await closePackages(trace, readManifest, platform, (manifest, name) =>
    hintsOf(manifest).unusedDependencies.includes(name),
  );
  const place = (path: string): string => (path === bundle.path ? path : toPosix(relative(installDir, path)));

  const origins = new Map<string, Origin>();
  for (const [dir, { manifest, parents }] of kept) {
    const origin: Origin = {
      kind: 'package',
      package: `${manifest.name}@${manifest.version}`,
      parents: parents.map(place),
    };
    for (const file of await listPackageFiles(dir)) origins.set(file.path, origin);
    for (const link of kept.get(dir)?.links ?? []) origins.set(link, origin);
  }
  for (const [path, parents] of trace) origins.set(path, { kind: 'traced', parents: parents.map(place) });

  const made = await mapPool([...origins], OPEN_FILES, async ([path, origin]) =>
    toEntry(await statFile(path), installDir, origin),
  );
  return {
    entries: made.filter(entry => 'kind' in entry),
    findings: made.filter(entry => 'code' in entry),
    instances: [...kept].map(([dir, { manifest }]) => ({
      ecosystem: 'npm',
      name: manifest.name,
      version: manifest.version,
      dir: place(join(dir)),
    })),
    kept,
  };
}
