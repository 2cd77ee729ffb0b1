import type { Context } from '../../../types.ts';
import type { PythonProject } from '../project/types.ts';
import type { Pip } from './find-tools.ts';
import { runTool } from './run-tool.ts';
import { pipEnv } from './tool-env.ts';

/** The user's settings of pip that say where packages come from, as uv's arguments; uv does not read them itself. */
export async function indexArgsOfPip(
  pip: Pip,
  project: PythonProject,
  { cwd, env, signal }: Context,
): Promise<readonly string[]> {
  const { isDone, output } = await runTool(pip.command, [...pip.args, '-', 'config', 'list'], {
    cwd,
    env: pipEnv(env),
    signal,
  });
  if (!isDone) return [];
  const settings = parseSettings(output);
  const all = (name: string): readonly string[] => settings.get(name) ?? [];
  // What the project or uv's own settings say of the index comes before, as it does for pip.
  const isSaid = ['UV_INDEX_URL', 'UV_DEFAULT_INDEX'].some(name => env[name]);
  const isNamed = isSaid || project.options.some(line => line.startsWith('--index-url'));
  return [
    ...(isNamed
      ? []
      : all('index-url')
          .slice(-1)
          .flatMap(url => ['--index-url', url])),
    ...all('extra-index-url').flatMap(url => ['--extra-index-url', url]),
    ...all('find-links').flatMap(place => ['--find-links', place]),
    ...all('trusted-host').flatMap(host => ['--allow-insecure-host', host]),
    ...(all('no-index').some(value => /^(?:1|true|yes|on)$/i.test(value)) ? ['--no-index'] : []),
  ];
}

/** `global.index-url='https://…'`; those of commands other than install do not count, and the environment is last. */
function parseSettings(output: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, readonly string[]>();
  for (const [, section = '', name = '', value = ''] of output.matchAll(
    /^(\w+|:env:)\.([\w-]+)=['"](.*)['"]$/gm,
  )) {
    if (!['global', 'install', ':env:'].includes(section)) continue;
    settings.set(name, value.replaceAll('\\n', ' ').split(/\s+/).filter(Boolean));
  }
  return settings;
}
