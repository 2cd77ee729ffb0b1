import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toStepError } from '../../container/to-step-error.ts';
import { SlimError } from '../../errors.ts';
import type { Context, Platform, ResolvedFunction } from '../../types.ts';
import { exec } from '../../util/exec.ts';
import { exists } from '../../util/fs.ts';
import { LIBRARIES } from '../vendored/library-steps.ts';
import { applyPatches } from './apply-patches.ts';
import type { InstallRoot } from './find-install-root.ts';
import { type ChosenImage, imageFacts } from './image/choose-image.ts';
import { installInImage } from './image/install-in-image.ts';
import { layOutPackages, TREE } from './image/lay-out-packages.ts';
import type { Installed } from './installed.ts';
import { makeFolder } from './make-folder.ts';
import { hashManifests, listManifests, mirrorManifests } from './mirror-manifests.ts';
import type { OwnAddons } from './own-addons.ts';
import { NPM_WITHOUT_LOCKFILE, type PackageManager, PNPM_REBUILD } from './package-manager.ts';

/** Raise when what an installation holds changes for the same manifests. */
const LAYOUT_VERSION = 2;

/** What is to be installed for a function. */
export interface InstallChoice extends Pick<ResolvedFunction, 'platform'> {
  /** Packages whose install scripts may run. */
  readonly scripts: readonly string[];
  /** Null installs on this machine. */
  readonly image: ChosenImage | null;
  /** Packages of the project itself that an image compiles. */
  readonly addons: OwnAddons;
}

/**
 * Installs the production dependencies for the target platform into a folder of the cache (of this run with `--no-cache`)
 * and returns it. Install scripts run only for the packages named in `scripts`; in an image also for those that have to be compiled.
 */
export async function installForPlatform(
  root: InstallRoot,
  choice: InstallChoice,
  context: Context,
): Promise<Installed> {
  const manager = root.lockfile?.manager ?? NPM_WITHOUT_LOCKFILE;
  const manifests = await listManifests(root.dir);
  const { platform, image, addons } = choice;
  const digest = await hashManifests(root.dir, [...manifests, ...addons.files]);
  const finished = join(
    context.cacheDir ?? context.workDir,
    'installs',
    keyOf(choice, manager, digest, context),
  );
  const dir = image ? join(finished, TREE) : finished;
  const libraries = join(finished, LIBRARIES);
  if (!(await exists(finished))) {
    context.progress.start(`install for ${platform.os}-${platform.arch}${image ? ` in ${image.name}` : ''}`);
    const project = { root: root.dir, manifests, digest, manager };
    await makeFolder(finished, async partial => {
      const tree = image ? join(partial, TREE) : partial;
      if (image) await installContained(project, { ...choice, image }, partial, context);
      else await installHere(project, choice, partial, context);
      await applyPatches(manager, tree, context).catch(error => Promise.reject(explain(error, manager)));
      // Registry credentials have no business in a cache.
      await Promise.all(SECRETS.map(file => rm(join(tree, file), { force: true })));
    });
    context.progress.done();
  }
  return { dir, libraries: (await exists(libraries)) ? libraries : null };
}

function keyOf(
  { platform: { os, arch, libc, runtime }, scripts, image }: InstallChoice,
  manager: PackageManager,
  digest: string,
  { env }: Context,
): string {
  const inImage = image ? [runtime.id, imageFacts(image, env)] : [];
  const facts = [LAYOUT_VERSION, manager.name, os, arch, libc, ...scripts, digest, ...inImage].join('\0');
  return createHash('sha256').update(facts).digest('hex').slice(0, 32);
}

/** The manifests of a folder, and who reads them. */
interface Project {
  readonly root: string;
  readonly manifests: readonly string[];
  readonly digest: string;
  readonly manager: PackageManager;
}

async function installHere(
  { root, manifests, manager }: Project,
  { platform, scripts }: InstallChoice,
  to: string,
  context: Context,
): Promise<void> {
  await mirrorManifests(root, manifests, to);
  await runInstall(manager, platform, to, context);
  await runScripts(manager, scripts, platform, to, context);
}

async function installContained(
  project: Project,
  { platform, scripts, image, addons }: InstallChoice & { readonly image: ChosenImage },
  to: string,
  context: Context,
): Promise<void> {
  const lay = (sources: string) =>
    layOutPackages({ ...project, platform, scripts, addons }, sources, context);
  const { digest, manager } = project;
  const result = await installInImage({ image, platform, digest, lay }, to, context);
  if (result.kind === 'done') return;
  if (LOCKFILE_DISAGREES.test(result.output))
    throw new SlimError('LOCKFILE_DISAGREES', [manager.name, result.output]);
  throw toStepError(result);
}

const SECRETS = ['.npmrc', '.yarnrc', '.yarnrc.yml'];

async function runInstall(
  manager: PackageManager,
  platform: Platform,
  cwd: string,
  context: Context,
): Promise<void> {
  try {
    if (manager.prepareArgs) await runManager(manager, manager.prepareArgs(platform), cwd, context);
    await runManager(manager, manager.installArgs(platform), cwd, context);
  } catch (error) {
    throw explain(error, manager);
  }
}

/** Runs the manager, or the npm package of it where the host has none. */
async function runManager(
  manager: PackageManager,
  args: readonly string[],
  cwd: string,
  context: Context,
): Promise<void> {
  const options = { cwd, env: { ...context.env, ...manager.env }, signal: context.signal };
  try {
    await exec(manager.command, args, options);
  } catch (error) {
    if (!(error instanceof SlimError) || error.code !== 'TOOL_MISSING' || !manager.fetchAs) throw error;
    await exec(
      'npm',
      ['exec', '--yes', `--package=${manager.fetchAs}`, '--', manager.command, ...args],
      options,
    );
  }
}

/** What package managers say when the lockfile and package.json tell different stories. */
const LOCKFILE_DISAGREES =
  /can only install packages when your package\.json and package-lock\.json|ERR_PNPM_OUTDATED_LOCKFILE|Your lockfile needs to be updated|lockfile would have been modified|in sync/;

function explain(error: unknown, manager: PackageManager): unknown {
  if (!(error instanceof SlimError) || error.code !== 'COMMAND_FAILED') return error;
  if (LOCKFILE_DISAGREES.test(error.message))
    return new SlimError('LOCKFILE_DISAGREES', [manager.name, error.message], { cause: error });
  return new SlimError('INSTALL_FAILED', [manager.name, error.message], { cause: error });
}

async function runScripts(
  manager: PackageManager,
  scripts: readonly string[],
  platform: Platform,
  cwd: string,
  context: Context,
): Promise<void> {
  if (scripts.length === 0) return;
  const env = {
    ...context.env,
    npm_config_platform: platform.os,
    npm_config_arch: platform.arch,
    npm_config_libc: platform.libc,
  };
  const isPnpm = manager.name === 'pnpm';
  const start = isPnpm
    ? PNPM_REBUILD
    : ['rebuild', ...(manager.name === 'npm' ? ['--foreground-scripts'] : [])];
  await exec(isPnpm ? 'pnpm' : 'npm', [...start, ...scripts], { cwd, env, signal: context.signal });
}
