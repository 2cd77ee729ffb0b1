import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toStepError } from '../../../container/to-step-error.ts';
import type { Context, Platform, ResolvedFunction } from '../../../types.ts';
import { exists } from '../../../util/fs.ts';
import { type ChosenImage, chooseImage, imageFacts } from '../../install/image/choose-image.ts';
import { installInImage } from '../../install/image/install-in-image.ts';
import { TREE } from '../../install/image/lay-out-packages.ts';
import type { Installed } from '../../install/installed.ts';
import { makeFolder } from '../../install/make-folder.ts';
import { LIBRARIES } from '../../vendored/library-steps.ts';
import type { PythonProject, Requirement } from '../project/types.ts';
import { buildWheel } from './build-wheel.ts';
import { explainFailure, readFailure } from './failure.ts';
import { findTools, type Pip } from './find-tools.ts';
import { hashFiles, listSources } from './hash-sources.ts';
import { layOutRequirements } from './image/lay-out-requirements.ts';
import { installWithPip } from './install-with-pip.ts';
import { installWithUv } from './install-with-uv.ts';
import { toWheelRequirement } from './local-wheel.ts';
import { indexArgsOfPip } from './pip-settings.ts';
import { hasHashes, type InstallRequest } from './request.ts';
import { nameTarget, platformTags, uvPlatform } from './target-tags.ts';
import { decisiveVariables } from './tool-env.ts';

/** Raise when what an installation holds changes for the same requirements. */
const LAYOUT_VERSION = 2;

/**
 * Installs what a project requires for the target, never for this machine, into a folder of the cache (of this run with
 * `--no-cache`), and returns it. Throws a `SlimError` that explains what pip or uv said.
 */
export async function installPython(
  project: PythonProject,
  fn: Pick<ResolvedFunction, 'platform' | 'install' | 'container'>,
  context: Context,
): Promise<Installed> {
  const { platform } = fn;
  const image = chooseImage(fn);
  const installer = image ? imageInstaller(image, context) : await chooseInstaller(platform, context);
  const key = await keyOf(project, platform, installer.id, context);
  const finished = join(context.cacheDir ?? context.workDir, 'installs', key);
  if (!(await exists(finished))) {
    context.progress.start(
      `install for ${nameTarget(platform)} with ${installer.name}, from ${project.kind}`,
    );
    await makeFolder(finished, target => installer.run({ project, platform, context, target }));
    context.progress.done();
  }
  const libraries = join(finished, LIBRARIES);
  return {
    dir: image ? join(finished, TREE) : finished,
    libraries: image && (await exists(libraries)) ? libraries : null,
  };
}

/** What is to be installed, and where to. */
type Installation = Omit<InstallRequest, 'requirements' | 'workDir'>;

/** One of the ways to install. */
interface Installer {
  /** Short, for a line of progress. */
  readonly name: string;
  /** With the version: another one may give other files. */
  readonly id: string;
  run(installation: Installation): Promise<void>;
}

function imageInstaller(image: ChosenImage, { env }: Context): Installer {
  const name = `pip in ${image.name}`;
  return {
    name,
    id: JSON.stringify(['image', imageFacts(image, env)]),
    async run({ project, platform, context, target }) {
      const digest = await hashProject(project);
      const lay = (sources: string) => layOutRequirements(project, platform, sources, context);
      const result = await installInImage({ image, platform, digest, lay }, target, context);
      if (result.kind === 'done') return;
      const failure = readFailure(result.output);
      if (failure.kind === 'other') throw toStepError(result);
      throw explainFailure(failure, result.output, name, platform);
    },
  };
}

async function chooseInstaller(platform: Platform, context: Context): Promise<Installer> {
  const { uv, pip } = await findTools(platform.runtime, context);
  // uv is quicker; where it has no name for the runtime's glibc it would pass over wheels that pip takes.
  const isUv = uv !== null && (uvPlatform(platform) !== null || pip.command === uv.command);
  const here = (install: (request: InstallRequest) => Promise<void>) => (installation: Installation) =>
    withWorkDir(installation, async request => install(await withBuiltSources(request, pip)));
  if (!isUv)
    return { name: 'pip', id: `pip ${pip.version}`, run: here(request => installWithPip(request, pip)) };
  return {
    name: 'uv',
    id: `uv ${uv.version}`,
    run: async installation => {
      const indexArgs = await indexArgsOfPip(pip, installation.project, context);
      await here(request => installWithUv(request, { uv, pip }, indexArgs))(installation);
    },
  };
}

async function withWorkDir(
  installation: Installation,
  use: (request: InstallRequest) => Promise<void>,
): Promise<void> {
  const { project, context } = installation;
  const workDir = await mkdtemp(join(context.workDir, 'python-'));
  try {
    await use({ ...installation, requirements: project.requirements, workDir });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function keyOf(
  project: PythonProject,
  platform: Platform,
  tool: string,
  context: Context,
): Promise<string> {
  const { version } = platform.runtime;
  const facts = [LAYOUT_VERSION, tool, version, platformTags(platform), decisiveVariables(context.env)];
  return digestOf([...facts, await hashProject(project)]);
}

/** One digest over all that a project requires, and what of it is built from this disk. */
export async function hashProject({
  requirements,
  constraints,
  options,
  isLocked,
}: PythonProject): Promise<string> {
  const sources = await hashFiles(await listSources(requirements));
  return digestOf([requirements, constraints, options, isLocked, sources]);
}

function digestOf(facts: readonly unknown[]): string {
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
