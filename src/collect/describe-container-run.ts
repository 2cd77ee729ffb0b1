import type { ContainerRun } from '../container/build-types.ts';
import { NO_CREDENTIALS } from '../container/credentials/credentials.ts';
import type { Context, ResolvedFunction } from '../types.ts';
import { findInstallRoot } from './install/find-install-root.ts';
import { layOutPackages, TREE } from './install/image/lay-out-packages.ts';
import { hashManifests, listManifests } from './install/mirror-manifests.ts';
import { findOwnAddons } from './install/own-addons.ts';
import { NPM_WITHOUT_LOCKFILE } from './install/package-manager.ts';
import { createManifestReader } from './package-manifest.ts';
import { layOutRequirements } from './python/install/image/lay-out-requirements.ts';
import { hashProject } from './python/install/install-python.ts';
import { findProject } from './python/project/find-project.ts';
import { librarySteps } from './vendored/library-steps.ts';

/** What an installation in a container is made from, and the steps that it takes. */
export type DescribedRun = Pick<ContainerRun, 'sources' | 'scratchKey' | 'env' | 'credentials' | 'steps'>;

/** Puts into `dir` what a build would put into its container, for looking around there. */
export async function describeContainerRun(
  fn: ResolvedFunction,
  dir: string,
  context: Context,
): Promise<DescribedRun> {
  const isPython = fn.platform.runtime.language === 'python';
  const run = await (isPython ? describePython(fn, dir, context) : describeNode(fn, dir, context));
  const libraries = await librarySteps(fn.container, fn.platform, TREE, dir);
  return { ...run, steps: [...run.steps, ...libraries] };
}

async function describeNode(fn: ResolvedFunction, dir: string, context: Context): Promise<DescribedRun> {
  const { dir: root, lockfile } = await findInstallRoot(fn.root, createManifestReader());
  const manifests = await listManifests(root);
  const manager = lockfile?.manager ?? NPM_WITHOUT_LOCKFILE;
  const { platform, install } = fn;
  const addons = await findOwnAddons(root);
  const request = { root, manifests, addons, manager, platform, scripts: install.scripts };
  const laidOut = await layOutPackages(request, dir, context);
  return { sources: dir, scratchKey: await hashManifests(root, [...manifests, ...addons.files]), ...laidOut };
}

async function describePython(fn: ResolvedFunction, dir: string, context: Context): Promise<DescribedRun> {
  const project = await findProject(fn, context);
  if (!project) return { sources: null, scratchKey: null, steps: [], env: {}, credentials: NO_CREDENTIALS };
  const laidOut = await layOutRequirements(project, fn.platform, dir, context);
  return { sources: dir, scratchKey: await hashProject(project), ...laidOut };
}
