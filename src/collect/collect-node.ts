import type { Context, ResolvedFunction } from '../types.ts';
import { bundleWithDependencies } from './bundle-with-dependencies.ts';
import { listBundledPackages } from './bundled-packages.ts';
import type { Collected } from './collected.ts';
import { excludeEntries } from './exclude-entries.ts';
import { findDecoratorMetadata } from './find-decorator-metadata.ts';
import { chooseImage } from './install/image/choose-image.ts';
import { licenceEntries } from './licence-entries.ts';
import { listInputs } from './list-inputs.ts';
import { listLeftovers } from './list-leftovers.ts';
import { ownEntries } from './own-entries.ts';
import type { HintsOf } from './package-hints.ts';
import { createManifestReader } from './package-manifest.ts';
import { sortTree } from './sort-tree.ts';
import { vendoredEntries } from './vendored/vendored-entries.ts';

/** Gathers the bundled handler, the packages that stay outside it and the user's data files, for the target platform. */
export async function collectNode(
  fn: ResolvedFunction,
  hintsOf: HintsOf,
  context: Context,
): Promise<Collected> {
  const readManifest = createManifestReader();
  const surroundings = { fn, hintsOf, readManifest, context };
  const { bundle, dependencies, packages } = await bundleWithDependencies(surroundings);
  const { base } = dependencies;
  const own = await ownEntries(fn, bundle, base, bundle.own, await listBundledPackages(bundle, readManifest));
  const leftovers = await listLeftovers(bundle, dependencies, new Set(packages.kept.keys()), fn.keep);
  const licences = await licenceEntries(bundle, readManifest);
  const others = [...own.entries, ...packages.entries, ...leftovers.entries, ...licences];
  const vendored = await vendoredEntries(dependencies.libraries, others, chooseImage(fn));
  const found = [...others, ...vendored.entries];
  const { entries, removals } = excludeEntries(found, fn, base);
  const tree = sortTree({
    entries,
    packages: packages.instances,
    removals: [...leftovers.removals, ...removals],
  });
  context.progress.done(`entries: ${tree.entries.length}`);
  return {
    tree,
    handler: bundle.handler,
    installed: {
      stage: 'install',
      bytes: leftovers.installedBytes + own.sourceBytes,
      files: leftovers.installedFiles + own.sourceFiles,
    },
    findings: [
      ...[dependencies, packages, own, leftovers, vendored].flatMap(part => part.findings),
      ...(await findDecoratorMetadata(bundle, fn.root)),
    ],
    inputs: await listInputs(fn, bundle, dependencies, tree),
  };
}
