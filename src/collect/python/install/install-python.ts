import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, Platform } from '../../../types.ts';
import { exists } from '../../../util/fs.ts';
import { makeFolder } from '../../install/make-folder.ts';
import type { PythonProject, Requirement } from '../project/types.ts';
import { buildWheel } from './build-wheel.ts';
import { findTools, type Tools } from './find-tools.ts';
import { hashFiles, listSources } from './hash-sources.ts';
import { installWithPip } from './install-with-pip.ts';
import { installWithUv } from './install-with-uv.ts';
import { toWheelRequirement } from './local-wheel.ts';
import { indexArgsOfPip } from './pip-settings.ts';
import { hasHashes } from './request.ts';
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
  platform: Platform,
  context: Context,
): Promise<string> {
  const tools = await findTools(platform.runtime, context);
  const isUv = chooseUv(tools, platform);
  const tool = isUv ? `uv ${tools.uv?.version}` : `pip ${tools.pip.version}`;
  const finished = join(
    context.cacheDir ?? context.workDir,
    'installs',
    await keyOf(project, platform, tool, context),
  );
  if (await exists(finished)) return finished;
  context.progress.start(
    `install for ${nameTarget(platform)} with ${isUv ? 'uv' : 'pip'}, from ${project.kind}`,
  );
  const workDir = await mkdtemp(join(context.workDir, 'python-'));
  try {
    await makeFolder(finished, async target => {
      const requirements = await buildSources(project, platform, tools, workDir, context);
      const request = { project, requirements, platform, context, target, workDir };
      if (!isUv || !tools.uv) return installWithPip(request, tools.pip);
      await installWithUv(
        request,
        { ...tools, uv: tools.uv },
        await indexArgsOfPip(tools.pip, project, context),
      );
    });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  context.progress.done();
  return finished;
}

/** uv is quicker; where it has no name for the runtime's glibc it would pass over wheels that pip takes. */
function chooseUv({ uv, pip }: Tools, platform: Platform): boolean {
  const isPipThere = pip.command !== uv?.command;
  return uv !== null && (uvPlatform(platform) !== null || !isPipThere);
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

/** The requirements, those that have to be built each as its wheel. */
async function buildSources(
  { requirements, options }: PythonProject,
  platform: Platform,
  { pip }: Tools,
  workDir: string,
  context: Context,
): Promise<readonly Requirement[]> {
  const isHashed = hasHashes(requirements);
  const built: Requirement[] = [];
  for (const each of requirements) {
    if (each.source === null) built.push(each);
    else {
      const wheel = await buildWheel(each, { pip, platform, context, workDir, options });
      built.push(toWheelRequirement(wheel, each.source.extras, isHashed));
    }
  }
  return built;
}
