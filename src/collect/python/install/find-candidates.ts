import { normalizeName } from '../../../python/names.ts';
import { parseRequirement } from '../../../python/requirement.ts';
import { fitsSpecifiers } from '../../../python/versions.ts';
import type { Pip } from './find-tools.ts';
import { targetArgs } from './pip-args.ts';
import type { InstallRequest, RequestFiles } from './request.ts';
import { runTool } from './run-tool.ts';
import { pipEnv } from './tool-env.ts';

/** What an index has of a requirement and pip passed over. */
export interface Candidates {
  /** True where there is a source of a version that fits. */
  readonly hasSource: boolean;
  /** Tags of the wheels of versions that fit, such as `cp312-cp312-win_amd64`. */
  readonly tags: readonly string[];
  /** True where all wheels are for some machine: the source needs a compiler then, and would keep one busy for long. */
  readonly isNative: boolean;
}

/** Asks pip, which tells of every file that it passes over when it is asked to say a lot. */
export async function findCandidates(
  requirement: string,
  request: InstallRequest,
  files: RequestFiles,
  pip: Pip,
): Promise<Candidates> {
  const { context, workDir, platform } = request;
  const args = [
    'download',
    '-vv',
    '--no-deps',
    '--dest',
    workDir,
    ...targetArgs(platform),
    '-r',
    files.options,
  ];
  const options = { cwd: context.cwd, env: pipEnv(context.env, workDir), signal: context.signal };
  const { output } = await runTool(pip.command, [...pip.args, '-', ...args, requirement], options);
  return readCandidates(requirement, output);
}

const SKIPPED =
  /Skipping link: (No sources permitted for|none of the wheel's tags \(([^)]*)\) are compatible)[^\n]*?: (\S+)/g;
const FILE = /\/([^/]+?)-(\d[^-/]*?)(?:-[^/]*\.whl|\.(?:tar\.\w+|tgz|zip))$/;

/** Reads the lines about files that pip passed over, for their tags or since they are sources. */
export function readCandidates(requirement: string, output: string): Candidates {
  const wanted = parseRequirement(requirement.replace(/;.*$/, ''));
  let hasSource = false;
  const tags = new Set<string>();
  for (const [, reason = '', found = '', url = ''] of output.matchAll(SKIPPED)) {
    const [, name = '', version = ''] = FILE.exec(decodeURI(url.replace(/#.*$/, ''))) ?? [];
    if (!wanted || normalizeName(name) !== wanted.name || !fitsSpecifiers(version, wanted.specifiers))
      continue;
    if (reason.startsWith('No sources')) hasSource = true;
    else for (const tag of found.split(', ')) tags.add(tag);
  }
  const isNative = tags.size > 0 && [...tags].every(tag => !tag.endsWith('-any'));
  return { hasSource, tags: [...tags].sort(), isNative };
}
