import type { Context, ResolvedFunction } from '../types.ts';
import { type Bundle, bundleFunction } from './bundle/bundle-function.ts';
import { externalPolicy } from './bundle/external-policy.ts';
import { type Dependencies, ensureForPlatform, resolveDependencies } from './install/resolve-dependencies.ts';
import { narrowBase } from './narrow-base.ts';
import type { HintsOf } from './package-hints.ts';
import type { ReadManifest } from './package-manifest.ts';

/** The bundle, and the packages it was made with. */
export interface Bundled {
  readonly bundle: Bundle;
  readonly dependencies: Dependencies;
}

/** Finds or installs the dependencies and bundles the function with them; again where bundling shows that others are right. */
export async function bundleWithDependencies(
  fn: ResolvedFunction,
  hintsOf: HintsOf,
  readManifest: ReadManifest,
  context: Context,
): Promise<Bundled> {
  const bundleWith = async (dependencies: Dependencies): Promise<Bundled> => {
    context.progress.start('bundle and trace');
    const policy = externalPolicy(fn, dependencies, hintsOf, readManifest);
    return { dependencies, bundle: await bundleFunction({ fn, base: dependencies.base, ...policy }) };
  };
  const first = await bundleWith(await resolveDependencies(fn, readManifest, context));
  const narrowed = narrowBase(fn, first.dependencies, first.bundle);
  if (narrowed !== first.dependencies) return bundleWith(narrowed);
  if (!first.dependencies.isBorrowed) return first;
  const ensured = await ensureForPlatform(fn, first.dependencies, readManifest, context);
  return ensured === first.dependencies ? first : bundleWith(ensured);
}
