import { join, relative } from 'node:path';
import type { Finding } from '../findings.ts';
import type { Entry, Origin, PackageInstance, Platform, ResolvedFunction } from '../types.ts';
import { toPosix } from '../util/path.ts';
import { mapPool } from '../util/pool.ts';
import type { TracedBundle } from './bundle-with-dependencies.ts';
import { findNamedPackages } from './find-named-packages.ts';
import type { Dependencies } from './install/resolve-dependencies.ts';
import { listPackageFiles, statFile } from './list-files.ts';
import type { HintsOf } from './package-hints.ts';
import type { PackageManifest, ReadManifest } from './package-manifest.ts';
import { fitsPlatform } from './platform-fit.ts';
import { toEntry } from './to-entry.ts';
import { closePackages, type KeptPackage } from './trace/close-packages.ts';
import { type Trace, traceExternals } from './trace/trace-externals.ts';

/** The packages outside the bundle as entries of the tree. */
export interface CollectedPackages {
  readonly entries: readonly Entry[];
  readonly instances: readonly PackageInstance[];
  /** By real folder. */
  readonly kept: ReadonlyMap<string, KeptPackage>;
  readonly findings: readonly Finding[];
}

export interface CollectPackagesRequest {
  readonly bundle: TracedBundle;
  readonly dependencies: Dependencies;
  readonly fn: ResolvedFunction;
  readonly hintsOf: HintsOf;
  readonly readManifest: ReadManifest;
  readonly signal: AbortSignal;
}

/** Files opened at a time. */
const OPEN_FILES = 32;

/**
 * Traces the imports that the bundle leaves outside and takes each package reached *whole*: a static trace may miss a
 * file, and deciding what goes is the business of presets. Traced files carry who asked for them.
 */
export async function collectPackages(request: CollectPackagesRequest): Promise<CollectedPackages> {
  const { fn, bundle, hintsOf, readManifest, signal } = request;
  const { base, installDir } = request.dependencies;
  const fromDir = join(installDir, relative(base, fn.root));
  const named = await findNamedPackages(bundle, fromDir, readManifest);
  const externals = [...bundle.externals, ...named];
  const trace = await traceExternals(externals, installDir, fromDir, bundle.path, signal);
  const kept = await closePackages(trace, readManifest, fn.platform, (manifest, name) =>
    hintsOf(manifest).unusedDependencies.includes(name),
  );
  const place = (path: string): string => (path === bundle.path ? path : toPosix(relative(installDir, path)));
  const origins = await originsOf(trace, kept, place);
  const made = await mapPool([...origins], OPEN_FILES, async ([path, origin]) =>
    toEntry(await statFile(path), installDir, origin),
  );
  const entries = made.filter(entry => 'kind' in entry);
  return {
    entries,
    findings: [
      ...made.filter(entry => 'code' in entry),
      ...findSkippedScripts(kept, place, entries, request),
    ],
    instances: [...kept].map(
      ([
        dir,
        {
          manifest: { name, version },
        },
      ]) => ({ ecosystem: 'npm', name, version, dir: place(dir), owns: null }),
    ),
    kept,
  };
}

/** Every file and link of the kept packages, absolute, with why it is here: what the trace reached says by whom. */
async function originsOf(
  trace: Trace,
  kept: ReadonlyMap<string, KeptPackage>,
  place: (path: string) => string,
): Promise<ReadonlyMap<string, Origin>> {
  const origins = new Map<string, Origin>();
  for (const [dir, { manifest, parents, links }] of kept) {
    const label = `${manifest.name}@${manifest.version}`;
    const origin: Origin = { kind: 'package', package: label, parents: parents.map(place) };
    for (const file of await listPackageFiles(dir)) origins.set(file.path, origin);
    for (const link of links) origins.set(link, origin);
  }
  for (const [path, parents] of trace) origins.set(path, { kind: 'traced', parents: parents.map(place) });
  return origins;
}

/** Packages whose install script would have fetched or built the binary that they now lack. */
function findSkippedScripts(
  kept: ReadonlyMap<string, KeptPackage>,
  place: (path: string) => string,
  entries: readonly Entry[],
  { fn, hintsOf }: CollectPackagesRequest,
): readonly Finding[] {
  return [...kept].flatMap(([dir, { manifest }]): Finding[] => {
    const isNeeded = manifest.installScript && hintsOf(manifest).install?.scripts !== false;
    const isAllowed = fn.install.scripts.includes(manifest.name);
    const hasBinary = entries.some(({ path }) => path.startsWith(`${place(dir)}/`) && path.endsWith('.node'));
    if (!isNeeded || isAllowed || hasBinary || hasPlatformPackage(manifest, kept, fn.platform)) return [];
    return [
      { code: 'INSTALL_SCRIPT_SKIPPED', level: 'warning', package: `${manifest.name}@${manifest.version}` },
    ];
  });
}

/** True when the binary came as an optional package for the target, such as @esbuild/linux-x64. */
function hasPlatformPackage(
  { optionalDependencies }: PackageManifest,
  kept: ReadonlyMap<string, KeptPackage>,
  platform: Platform,
): boolean {
  return [...kept.values()].some(
    ({ manifest }) =>
      manifest.cpu.length > 0 &&
      fitsPlatform(manifest, platform) &&
      optionalDependencies.includes(manifest.name),
  );
}
