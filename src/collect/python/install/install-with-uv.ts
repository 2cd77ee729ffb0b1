import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlimError } from '../../../errors.ts';
import { normalizeName } from '../../../python/names.ts';
import { explainBuild } from './explain-build.ts';
import { explainFailure, type Failure, missingWheel, readFailure } from './failure.ts';
import { findCandidates } from './find-candidates.ts';
import type { Pip, Uv } from './find-tools.ts';
import { isPure } from './local-wheel.ts';
import { hasHashes, type InstallRequest, writeRequest } from './request.ts';
import { runTool } from './run-tool.ts';
import { nameTarget, olderUvPlatform } from './target-tags.ts';
import { uvEnv } from './tool-env.ts';

type NoWheel = Extract<Failure, { kind: 'no wheel' }>;

/** Installs with uv. What has no wheel uv may build from its source, which has to become one that runs everywhere. */
export async function installWithUv(
  request: InstallRequest,
  { uv, pip }: UvTools,
  indexArgs: readonly string[],
): Promise<void> {
  const { platform, target } = request;
  const sources = new Map<string, NoWheel>();
  for (;;) {
    const { isDone, output } = await run(request, uv, [...sources.keys()], indexArgs);
    if (isDone) break;
    const failure = readFailure(output);
    if (failure.kind !== 'no wheel' || sources.has(failure.name))
      throw explainSources(sources, output, request) ?? explainFailure(failure, output, 'uv', platform);
    // uv does not tell wheels for others from none at all; pip does.
    const found = await findCandidates(failure.requirement, request, await writeRequest(request), pip);
    if (found.isNative) throw missingWheel(failure.requirement, found.tags, platform);
    sources.set(failure.name, failure);
  }
  await rm(join(target, '.lock'), { force: true });
  for (const name of sources.keys()) await checkBuilt(name, request);
}

export interface UvTools {
  readonly uv: Uv;
  readonly pip: Pip;
}

async function run(
  request: InstallRequest,
  { command, python }: Uv,
  sources: readonly string[],
  indexArgs: readonly string[],
) {
  const { project, platform, target, context, requirements, workDir } = request;
  const files = await writeRequest(request);
  const args = [
    ...['pip', 'install', '--target', target, '--python-version', platform.runtime.version],
    ...['--python-platform', olderUvPlatform(platform), ...(python ? ['--python', python] : [])],
    ...['--only-binary', ':all:', ...sources.flatMap(name => ['--no-binary', name])],
    // The meaning that these files have for pip: the best version of all indexes.
    ...(context.env.UV_INDEX_STRATEGY ? [] : ['--index-strategy', 'unsafe-best-match']),
    ...(project.isLocked ? ['--no-deps'] : hasHashes(requirements) ? ['--require-hashes'] : []),
    ...(files.constraints ? ['-c', files.constraints] : []),
    ...indexArgs,
    ...['-r', files.requirements],
  ];
  return runTool(command, args, {
    cwd: dirname(project.path),
    env: uvEnv(context.env, workDir),
    signal: context.signal,
  });
}

/** What uv says of a package that it was let build. */
function explainSources(
  sources: ReadonlyMap<string, NoWheel>,
  output: string,
  { platform }: InstallRequest,
): SlimError | null {
  for (const [name, failure] of sources) {
    if (!output.includes(name)) continue;
    if (/no source distribution/.test(output)) return missingWheel(name, failure.tags, platform);
    if (/[Ff]ailed to (?:download and )?build|build backend/.test(output))
      return explainBuild(name, output, 'uv', platform);
  }
  return null;
}

async function checkBuilt(name: string, { target, platform }: InstallRequest): Promise<void> {
  const folders = (await readdir(target)).filter(each => each.endsWith('.dist-info'));
  const folder = folders.find(each => normalizeName(each.split('-')[0] ?? '') === normalizeName(name));
  if (folder === undefined) return;
  const tags = [...(await readFile(join(target, folder, 'WHEEL'), 'utf8')).matchAll(/^Tag: *(\S+)/gm)];
  if (tags.some(([, tag = '']) => isPure(tag, platform))) return;
  const built = tags.map(([, tag]) => tag).join(', ');
  const reason = `it becomes a wheel for ${built}, which is for the machine that built it.`;
  throw new SlimError('SOURCE_NOT_PURE', [name, nameTarget(platform), reason]);
}
