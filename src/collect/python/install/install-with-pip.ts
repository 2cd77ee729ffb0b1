import { copyFile, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { environmentOf } from '../../../python/markers.ts';
import { parseRequirement } from '../../../python/requirement.ts';
import type { Requirement } from '../project/types.ts';
import { buildWheel } from './build-wheel.ts';
import { explainFailure, missingWheel, readFailure } from './failure.ts';
import { findCandidates } from './find-candidates.ts';
import type { Pip } from './find-tools.ts';
import { describeWheel, type LocalWheel, toWheelRequirement } from './local-wheel.ts';
import { targetArgs } from './pip-args.ts';
import { hasHashes, type InstallRequest, writeRequest } from './request.ts';
import { type RunOptions, runTool } from './run-tool.ts';
import { pipEnv } from './tool-env.ts';

/** Installs with pip. What has no wheel is built from its source, one by one, as pip stumbles over it. */
export async function installWithPip(request: InstallRequest, pip: Pip): Promise<void> {
  const wheels = join(request.workDir, 'wheels');
  await mkdir(wheels, { recursive: true });
  const tried = new Set<string>();
  let current = await hashAll(request, pip);
  for (;;) {
    const { isDone, output } = await run(current, pip, wheels);
    if (isDone) return;
    const failure = readFailure(output);
    const isNew = failure.kind === 'missing' && !tried.has(failure.requirement);
    if (!isNew) throw explainFailure(failure, output, 'pip', request.platform);
    tried.add(failure.requirement);
    const built = await buildMissing(failure.requirement, current, pip, output);
    await copyFile(built.path, join(wheels, basename(built.path)));
    current = { ...current, requirements: withBuilt(current.requirements, built) };
  }
}

async function run(request: InstallRequest, pip: Pip, wheels: string) {
  const { project, platform, target } = request;
  const files = await writeRequest(request);
  const args = [
    ...['install', '--target', target, '--no-compile', '--no-warn-script-location', '--progress-bar', 'off'],
    ...targetArgs(platform),
    ...(project.isLocked ? ['--no-deps'] : []),
    ...(files.constraints ? ['-c', files.constraints] : []),
    ...['--find-links', wheels, '-r', files.requirements],
  ];
  const environment = JSON.stringify(environmentOf(platform));
  const outcome = await runTool(pip.command, [...pip.args, environment, ...args], optionsOf(request));
  return { ...outcome, output: nameLines(outcome.output, request) };
}

/** pip names a requirement by its line in a file that nobody knows. */
function nameLines(output: string, { project, requirements }: InstallRequest): string {
  const lines = [...project.options, ...requirements.map(({ text }) => text)];
  return output.replace(
    /-r \S+requirements\.txt \(line (\d+)\)/g,
    (all, line: string) => lines[Number(line) - 1] ?? all,
  );
}

function optionsOf({ context, workDir }: InstallRequest): RunOptions {
  return { cwd: context.cwd, env: pipEnv(context.env, workDir), signal: context.signal };
}

/** pip's words for "no wheel", "no such version" and "no such name" are the same, so the index is asked what it has. */
async function buildMissing(
  requirement: string,
  request: InstallRequest,
  pip: Pip,
  output: string,
): Promise<LocalWheel> {
  const { platform } = request;
  const found = await findCandidates(requirement, request, await writeRequest(request), pip);
  if (found.hasSource && !found.isNative) {
    const name = parseRequirement(requirement)?.name ?? null;
    const hashes = request.requirements.find(each => each.name === name)?.hashes ?? [];
    const { options } = request.project;
    return buildWheel({ name, text: requirement, hashes, source: null }, { ...request, pip, options });
  }
  if (found.tags.length > 0) throw missingWheel(requirement, found.tags, platform);
  throw explainFailure({ kind: 'missing', requirement }, output, 'pip', platform);
}

/** A requirement of the list becomes its wheel; what others need is found beside the index. */
function withBuilt(requirements: readonly Requirement[], built: LocalWheel): readonly Requirement[] {
  const isHashed = hasHashes(requirements);
  return requirements.map(each => {
    if (each.name !== built.name) return each;
    return toWheelRequirement(built, parseRequirement(each.text)?.extras ?? [], isHashed);
  });
}

/** Of a lock that has hashes for some, the others are fetched first, since pip wants hashes of all or none. */
async function hashAll(request: InstallRequest, pip: Pip): Promise<InstallRequest> {
  const { requirements, project } = request;
  if (!project.isLocked || !hasHashes(requirements)) return request;
  const all: Requirement[] = [];
  for (const each of requirements)
    all.push(each.hashes.length > 0 ? each : await hashOne(each, request, pip));
  return { ...request, requirements: all };
}

async function hashOne(requirement: Requirement, request: InstallRequest, pip: Pip): Promise<Requirement> {
  const { options } = await writeRequest(request);
  const dir = await mkdtemp(join(request.workDir, 'fetched-'));
  const args = ['download', '--no-deps', '--dest', dir, ...targetArgs(request.platform), '-r', options];
  await runTool(pip.command, [...pip.args, '-', ...args, requirement.text], optionsOf(request));
  const [file] = await readdir(dir);
  // Without a wheel the installation itself says what is wrong.
  return file === undefined
    ? requirement
    : toWheelRequirement(await describeWheel(join(dir, file)), [], true);
}
