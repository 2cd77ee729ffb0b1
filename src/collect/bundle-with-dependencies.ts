import type { Context, ResolvedFunction } from '../types.ts';
import { type Bundle, bundledPackageDirs, bundleFunction } from './bundle/bundle-function.ts';
import { externalPolicy } from './bundle/external-policy.ts';
import { type CollectedPackages, collectPackages } from './collect-packages.ts';
import { type Dependencies, ensureForPlatform, resolveDependencies } from './install/resolve-dependencies.ts';
import { narrowBase } from './narrow-base.ts';
import type { HintsOf } from './package-hints.ts';
import type { ReadManifest } from './package-manifest.ts';
import { type OwnTrace, traceOwnFiles } from './trace/trace-own-files.ts';

/** A bundle, and the files of the project that it needs beside it. */
export type TracedBundle = Bundle & { readonly own: OwnTrace };

/** The bundle, the packages it was made with, and those that stay outside it. */
export interface Bundled {
  readonly bundle: TracedBundle;
  readonly dependencies: Dependencies;
  readonly packages: CollectedPackages;
}

/** What every step needs. */
interface Surroundings {
  readonly fn: ResolvedFunction;
  readonly hintsOf: HintsOf;
  readonly readManifest: ReadManifest;
  readonly context: Context;
}

type Unfit = ReadonlyMap<string, string>;

/** Finds or installs the dependencies and bundles the function with them; again where bundling shows that others are right. */
export async function bundleWithDependencies(surroundings: Surroundings): Promise<Bundled> {
  const { fn, readManifest, context } = surroundings;
  const resolved = await resolveDependencies(fn, readManifest, context);
  context.progress.start('bundle and trace');
  const first = await bundleOnce(surroundings, resolved, new Map());
  const narrowed = narrowBase(fn, resolved, first);
  if (narrowed !== resolved) return separate(surroundings, narrowed);
  if (!resolved.isBorrowed) return separate(surroundings, resolved, first);
  const ensured = await ensureForPlatform(fn, resolved, readManifest, context);
  return separate(surroundings, ensured, ensured === resolved ? first : undefined);
}

/**
 * Bundles until no package is both inside the bundle and outside it. Two copies of one package are two worlds: what one of
 * them made is no instance of the other's classes, and neither sees what the other registered.
 */
async function separate(
  surroundings: Surroundings,
  dependencies: Dependencies,
  first?: TracedBundle,
): Promise<Bundled> {
  const unfit = new Map<string, string>();
  for (let bundle = first; ; bundle = undefined) {
    bundle ??= await bundleOnce(surroundings, dependencies, unfit);
    const { signal } = surroundings.context;
    const packages = await collectPackages({ ...surroundings, bundle, dependencies, signal });
    const shared = [...bundledPackageDirs(bundle)].filter(dir => packages.kept.has(dir));
    if (shared.length === 0) return { bundle, dependencies, packages };
    for (const dir of shared) unfit.set(dir, 'a package outside the bundle uses it too');
  }
}

async function bundleOnce(
  { fn, hintsOf, readManifest }: Surroundings,
  dependencies: Dependencies,
  unfit: Unfit,
): Promise<TracedBundle> {
  const policy = externalPolicy(fn, dependencies, hintsOf, readManifest);
  const bundle = await bundleFunction({ fn, base: dependencies.base, unfit, ...policy });
  const own = await traceOwnFiles(fn, bundle, dependencies);
  return { ...bundle, externals: [...bundle.externals, ...own.externals], own };
}
