import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Credentials, PLACES, type Secret } from '../../../../container/build-types.ts';
import { joinCredentials, NO_CREDENTIALS } from '../../../../container/credentials/credentials.ts';
import { findPipCredentials } from '../../../../container/credentials/pip.ts';
import { hideCredentials } from '../../../../python/credentials.ts';
import type { Context, Platform } from '../../../../types.ts';
import { readOwnManifest } from '../../../../util/own-manifest.ts';
import { type LaidOut, TREE } from '../../../install/image/lay-out-packages.ts';
import type { PythonProject } from '../../project/types.ts';
import { findTools } from '../find-tools.ts';
import { indexArgsOfPip } from '../pip-settings.ts';
import { hasHashes, toLine } from '../request.ts';
import { pipEnv } from '../tool-env.ts';
import { carrier, carryOption, carrySource } from './carry.ts';

const SCRIPT = join('src', 'collect', 'python', 'install', 'image', 'run_pip.py');

/** Puts into `sources` what pip needs in a container, and tells what to do there: in the image what has no wheel can be compiled. */
export async function layOutRequirements(
  project: PythonProject,
  platform: Platform,
  sources: string,
  context: Context,
): Promise<LaidOut> {
  await mkdir(sources, { recursive: true });
  await copyFile(join(readOwnManifest().root, SCRIPT), join(sources, 'run_pip.py'));
  const carry = carrier(sources);
  const links = await Promise.all((await localLinks(project, platform, context)).map(carry));
  const options = await Promise.all(project.options.map(line => carryOption(line, carry)));
  const carried = await Promise.all(
    project.requirements.map(async each => ({ ...each, text: await carrySource(each, carry) })),
  );
  const files = await writeLists(sources, {
    'constraints.txt': project.constraints,
    'requirements.txt': [...options, ...carried.filter(({ source }) => source === null).map(toLine)],
    'sources.txt': [...options, ...carried.filter(({ source }) => source !== null).map(({ text }) => text)],
  });
  const linkArgs = links.flatMap(link => ['--find-links', link]);
  const python = `python${platform.runtime.version}`;
  const runs = listRuns(project, files.places, linkArgs);
  return {
    steps: [
      { command: ['cp', '-R', `${PLACES.in}/.`, PLACES.work] },
      { command: ['mkdir', '-p', TMP, `${PLACES.out}/${TREE}`] },
      ...runs.map(args => ({ command: [python, `${PLACES.work}/run_pip.py`, ...args] as const })),
    ],
    env: environment(),
    credentials: joinCredentials(await findPipCredentials(context.env), files.credentials),
  };
}

const TMP = `${PLACES.work}/tmp`;

function environment(): Readonly<Record<string, string>> {
  const settings = Object.entries(pipEnv({}, TMP)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(settings), PIP_CACHE_DIR: `${PLACES.scratch}/pip` };
}

/** Folders with wheels that this machine's pip looks into; without a pip here there are none. Of indexes the credentials tell. */
async function localLinks(
  project: PythonProject,
  { runtime }: Platform,
  context: Context,
): Promise<readonly string[]> {
  const tools = await findTools(runtime, context).catch(() => null);
  const args = tools ? await indexArgsOfPip(tools.pip, project, context) : [];
  return args.filter((arg, at) => args[at - 1] === '--find-links' && arg.startsWith('/'));
}

type ListName = 'constraints.txt' | 'requirements.txt' | 'sources.txt';

interface Lists {
  /** Where each is in the container; null for an empty one. */
  readonly places: Readonly<Record<ListName, string | null>>;
  readonly credentials: Credentials;
}

/** Writes lists for pip; one with a password in it is a secret. */
async function writeLists(
  sources: string,
  lists: Readonly<Record<ListName, readonly string[]>>,
): Promise<Lists> {
  const secrets: Secret[] = [];
  const write = async (name: ListName): Promise<string | null> => {
    const content = lists[name].map(line => `${line}\n`).join('');
    if (content === '') return null;
    if (hideCredentials(content) !== content) {
      secrets.push({ name, content });
      return `${PLACES.secrets}/${name}`;
    }
    await writeFile(join(sources, name), content);
    return `${PLACES.work}/${name}`;
  };
  const places = {
    'constraints.txt': await write('constraints.txt'),
    'requirements.txt': await write('requirements.txt'),
    'sources.txt': await write('sources.txt'),
  };
  return { places, credentials: { ...NO_CREDENTIALS, secrets } };
}

/** With hashes, which sources cannot have, all becomes wheels first: the ones are checked, the others are built. */
function listRuns(
  { isLocked, requirements }: PythonProject,
  places: Lists['places'],
  links: readonly string[],
): readonly (readonly string[])[] {
  const read = (option: string, place: string | null): readonly string[] =>
    place === null ? [] : [option, place];
  const listed = read('-r', places['requirements.txt']);
  const built = read('-r', places['sources.txt']);
  const pinned = read('-c', places['constraints.txt']);
  const deps = isLocked ? ['--no-deps'] : [];
  const target = ['--target', `${PLACES.out}/${TREE}`];
  const install = ['install', ...target, '--no-compile', '--no-warn-script-location'];
  const hasSources = requirements.some(({ source }) => source !== null);
  if (!hasHashes(requirements) || !hasSources)
    return [[...install, ...deps, ...pinned, ...links, ...listed, ...built]];
  const wheels = `${PLACES.work}/wheels`;
  const wheel = ['wheel', '--no-deps', '--wheel-dir', wheels, ...links];
  const fromWheels = ['--no-index', '--find-links', wheels, '--no-deps'];
  return [
    [...wheel, ...listed],
    [...wheel, ...built],
    [...install, ...fromWheels, ...requirements.map(({ name, text }) => name ?? text)],
  ];
}
