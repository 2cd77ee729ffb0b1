import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, Platform, ResolvedFunction } from '../../../types.ts';
import { exists } from '../../../util/fs.ts';
import { makeFolder } from '../../install/make-folder.ts';
import type { PythonProject, Requirement } from '../project/types.ts';
import { buildWheel } from './build-wheel.ts';
import { findTools, type Pip } from './find-tools.ts';
import { hashFiles, listSources } from './hash-sources.ts';
import { installInImage, nameBuildImage } from './image/install-in-image.ts';
import { installWithPip } from './install-with-pip.ts';
import { installWithUv } from './install-with-uv.ts';
import { toWheelRequirement } from './local-wheel.ts';
import { indexArgsOfPip } from './pip-settings.ts';
import { hasHashes, type InstallRequest } from './request.ts';
import { nameTarget, platformTags, uvPlatform } from './target-tags.ts';
import { indexVariables } from './tool-env.ts';

/** Raise when what an installation holds changes for the same requirements. */
const LAYOUT_VERSION = 1;

/**
 * Installs what a project requires for the target, never for this machine, into a folder of the cache (of this run with
 * `--no-cache`), and returns it. Throws a `SlimError` that explains what pip or uv said.
 */
export async function installPython(
  project: PythonProject,
  { platform, install }: Pick<ResolvedFunction, 'platform' | 'install'>,
  context: Context,
): Promise<string> {
  const installer = await chooseInstaller(platform, install.container, context);
  const key = await keyOf(project, platform, installer.id, context);
  const finished = join(context.cacheDir ?? context.workDir, 'installs', key);
  if (await exists(finished)) return finished;
  context.progress.start(`install for ${nameTarget(platform)} with ${installer.name}, from ${project.kind}`);
  const workDir = await mkdtemp(join(context.workDir, 'python-'));
  try {
    await makeFolder(finished, target =>
      installer.run({ project, requirements: project.requirements, platform, context, target, workDir }),
    );
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  context.progress.done();
  return finished;
}

/** One of the ways to install. */
interface Installer {
  /** Short, for a line of progress. */
  readonly name: string;
  /** With the version: another one may give other files. */
  readonly id: string;
  run(request: InstallRequest): Promise<void>;
}

async function chooseInstaller(
  platform: Platform,
  container: boolean | string,
  context: Context,
): Promise<Installer> {
  if (container !== false) return imageInstaller(container === true ? nameBuildImage(platform) : container);
  const { uv, pip } = await findTools(platform.runtime, context);
  // uv is quicker; where it has no name for the runtime's glibc it would pass over wheels that pip takes.
  const isUv = uv !== null && (uvPlatform(platform) !== null || pip.command === uv.command);
  if (!isUv) {
    return {
      name: 'pip',
      id: `pip ${pip.version}`,
      run: async request => installWithPip(await withBuiltSources(request, pip), pip),
    };
  }
  return {
    name: 'uv',
    id: `uv ${uv.version}`,
    run: async request => {
      const indexArgs = await indexArgsOfPip(pip, request.project, context);
      await installWithUv(await withBuiltSources(request, pip), { uv, pip }, indexArgs);
    },
  };
}

function imageInstaller(image: string): Installer {
  return {
    name: `pip in ${image}`,
    id: `image ${image}`,
    run: async request => {
      // The settings of this machine's pip count there too; without one there are none.
      const tools = await findTools(request.platform.runtime, request.context).catch(() => null);
      const { project, context } = request;
      const indexArgs = tools ? await indexArgsOfPip(tools.pip, project, context) : [];
      await installInImage(request, image, indexArgs.map(toPipOption));
    },
  };
}

/** pip and uv name one option differently. */
function toPipOption(option: string): string {
  return option === '--allow-insecure-host' ? '--trusted-host' : option;
}

async function keyOf(
  { requirements, constraints, options, isLocked }: PythonProject,
  platform: Platform,
  tool: string,
  context: Context,
): Promise<string> {
  const facts = [
    LAYOUT_VERSION,
    tool,
    platform.runtime.version,
    platformTags(platform),
    requirements,
    constraints,
    options,
    isLocked,
    indexVariables(context.env),
    await hashFiles(await listSources(requirements)),
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

/** The same request, those requirements that have to be built each as its wheel. */
async function withBuiltSources(request: InstallRequest, pip: Pip): Promise<InstallRequest> {
  const { requirements, project } = request;
  const isHashed = hasHashes(requirements);
  const built: Requirement[] = [];
  for (const each of requirements) {
    if (each.source === null) built.push(each);
    else {
      const wheel = await buildWheel(each, { ...request, pip, options: project.options });
      built.push(toWheelRequirement(wheel, each.source.extras, isHashed));
    }
  }
  return { ...request, requirements: built };
}
