import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../errors.ts';
import type { Context, Platform } from '../../types.ts';
import { exec } from '../../util/exec.ts';
import { exists } from '../../util/fs.ts';
import { applyPatches } from './apply-patches.ts';
import type { InstallRoot } from './find-install-root.ts';
import { makeFolder } from './make-folder.ts';
import { hashManifests, listManifests, mirrorManifests } from './mirror-manifests.ts';
import { NPM_WITHOUT_LOCKFILE, type PackageManager } from './package-manager.ts';

/** Raise when what an installation holds changes for the same manifests. */
const LAYOUT_VERSION = 2;

/**
 * Installs the production dependencies for the target platform into a folder of the cache (of this run with `--no-cache`)
 * and returns it. Install scripts run only for the packages named in `scripts`.
 */
export async function installForPlatform(
  root: InstallRoot,
  platform: Platform,
  scripts: readonly string[],
  context: Context,
): Promise<string> {
  const manager = root.lockfile?.manager ?? NPM_WITHOUT_LOCKFILE;
  const manifests = await listManifests(root.dir);
  const { os, arch, libc } = platform;
  const digest = await hashManifests(root.dir, manifests);
  const facts = [LAYOUT_VERSION, manager.name, os, arch, libc, ...scripts, digest].join('\0');
  const key = createHash('sha256').update(facts).digest('hex').slice(0, 32);
  const finished = join(context.cacheDir ?? context.workDir, 'installs', key);
  if (await exists(finished)) return finished;
  context.progress.start(`install for ${os}-${arch}`);
  await makeFolder(finished, async partial => {
    await mirrorManifests(root.dir, manifests, partial);
    await runInstall(manager, platform, partial, context);
    await runScripts(manager, scripts, platform, partial, context);
    await applyPatches(manager, partial, context).catch(error => Promise.reject(explain(error, manager)));
    // Registry credentials have no business in a cache.
    await Promise.all(SECRETS.map(file => rm(join(partial, file), { force: true })));
  });
  context.progress.done();
  return finished;
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
  const args = manager.name.startsWith('yarn')
    ? ['rebuild', ...scripts]
    : ['rebuild', ...scripts, '--foreground-scripts'];
  await exec(manager.name === 'pnpm' ? 'pnpm' : 'npm', args, { cwd, env, signal: context.signal });
}
