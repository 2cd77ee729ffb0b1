import { cp, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SlimError } from '../../../errors.ts';
import { hideCredentials } from '../../../python/credentials.ts';
import type { Context, Platform } from '../../../types.ts';
import { exists } from '../../../util/fs.ts';
import { toPosix } from '../../../util/path.ts';
import { isLeftBehind } from '../left-behind.ts';
import type { Requirement } from '../project/types.ts';
import { explainBuild } from './explain-build.ts';
import type { Pip } from './find-tools.ts';
import { describeWheel, isPure, type LocalWheel } from './local-wheel.ts';
import { runTool } from './run-tool.ts';
import { nameTarget } from './target-tags.ts';
import { pipEnv } from './tool-env.ts';

export interface BuildRequest {
  readonly pip: Pip;
  readonly platform: Platform;
  readonly context: Context;
  readonly workDir: string;
  /** Lines that say where to look for what has to be fetched, and for what the build itself needs. */
  readonly options: readonly string[];
}

/**
 * Builds a requirement from its source: a copy of a folder, so that nothing of the user's changes, or what pip fetches. Throws
 * `SOURCE_NOT_PURE` where it does not build into a wheel that runs everywhere.
 */
export async function buildWheel(requirement: Requirement, request: BuildRequest): Promise<LocalWheel> {
  const dir = await mkdtemp(join(request.workDir, 'build-'));
  const line = await toBuildLine(requirement, dir);
  const file = join(dir, 'build.txt');
  await writeFile(file, [...request.options, line].map(each => `${each}\n`).join(''));
  const { context, pip } = request;
  const options = { cwd: context.cwd, env: pipEnv(context.env, dir), signal: context.signal };
  const out = join(dir, 'wheel');
  const args = [
    'wheel',
    '--no-deps',
    '--ignore-requires-python',
    ...sourceOnly(requirement),
    '--wheel-dir',
    out,
    '-r',
    file,
  ];
  const { isDone, output } = await runTool(pip.command, [...pip.args, '-', ...args], options);
  const called = requirement.source?.location ?? requirement.text;
  if (!isDone) throw explainBuild(called, output, 'pip', request.platform);
  const wheel = (await readdir(out)).find(name => name.endsWith('.whl')) ?? '';
  if (!isPure(wheel.replace(/\.whl$/, ''), request.platform))
    throw new SlimError('SOURCE_NOT_PURE', [
      hideCredentials(called),
      nameTarget(request.platform),
      `it becomes ${wheel}, which is for the machine that built it.`,
    ]);
  return describeWheel(join(out, wheel));
}

/** What an index has is to be taken as source, although there may be wheels for this machine. */
function sourceOnly({ name, source }: Requirement): readonly string[] {
  return source === null && name !== null ? ['--no-binary', name] : [];
}

async function toBuildLine({ name, text, hashes, source }: Requirement, dir: string): Promise<string> {
  const hashed = hashes.map(hash => ` --hash=${hash}`).join('');
  if (source === null) return `${text}${hashed}`;
  if (source.kind === 'other') {
    const isNamed = name !== null && hashes.length > 0;
    return isNamed ? `${name} @ ${toUrl(source.location)}${hashed}` : source.location;
  }
  await checkPackage(source.location);
  const copy = join(dir, 'source', basename(source.location));
  await cp(source.location, copy, {
    recursive: true,
    filter: path => !isLeftBehind(toPosix(relative(source.location, path))),
  });
  return copy;
}

async function checkPackage(folder: string): Promise<void> {
  if (!(await exists(folder))) throw new SlimError('NOT_A_PACKAGE', [folder, 'nothing is there']);
  const manifests = ['pyproject.toml', 'setup.py'].map(name => exists(join(folder, name)));
  if (!(await Promise.all(manifests)).includes(true))
    throw new SlimError('NOT_A_PACKAGE', [folder, 'it has neither a pyproject.toml nor a setup.py']);
}

function toUrl(location: string): string {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(location) ? location : pathToFileURL(location).href;
}
