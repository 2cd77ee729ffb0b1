import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { formatExtras } from '../../../../python/requirement.ts';
import type { Platform } from '../../../../types.ts';
import { readOwnManifest } from '../../../../util/own-manifest.ts';
import { toPosix } from '../../../../util/path.ts';
import { isLeftBehind } from '../../left-behind.ts';
import type { Requirement } from '../../project/types.ts';
import { explainFailure, readFailure } from '../failure.ts';
import { hasHashes, type InstallRequest, toLine } from '../request.ts';
import { pipEnv } from '../tool-env.ts';
import { PLACE, runInImage } from './run-in-image.ts';

const SCRIPT = join('src', 'collect', 'python', 'install', 'image', 'run_steps.py');

/** The image in which AWS's SAM builds for a runtime: Lambda's own with compilers, such as `public.ecr.aws/sam/build-python3.12:latest-x86_64`. */
export function nameBuildImage({ runtime, arch }: Platform): string {
  return `public.ecr.aws/sam/build-${runtime.id}:latest-${arch === 'x64' ? 'x86_64' : 'arm64'}`;
}

/** Installs with the pip of an image of the runtime, where what has no wheel can be compiled: the system is the one it will run on. */
export async function installInImage(
  request: InstallRequest,
  image: string,
  indexArgs: readonly string[],
): Promise<void> {
  const { platform, context, target, workDir } = request;
  const dir = join(workDir, 'image');
  await mkdir(dir);
  const env = await layOut(request, dir, indexArgs);
  const command = [`python${platform.runtime.version}`, `${PLACE}/run_steps.py`, PLACE] as const;
  await runInImage({ image, arch: platform.arch, dir, command, env }, context);
  const output = await readFile(join(dir, 'log'), 'utf8');
  if ((await readFile(join(dir, 'code'), 'utf8')).trim() !== '0')
    throw explainFailure(readFailure(output), output, `pip in ${image}`, platform);
  // The cache may lie on another disk than what is temporary.
  await cp(join(dir, 'target'), target, { recursive: true, verbatimSymlinks: true });
}

/** Puts into the folder all that pip needs there, and gives its environment. */
async function layOut(
  request: InstallRequest,
  dir: string,
  indexArgs: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const { project, requirements, context } = request;
  await copyFile(join(readOwnManifest().root, SCRIPT), join(dir, 'run_steps.py'));
  const carry = carrier(dir);
  const options = await Promise.all(project.options.map(line => carryOption(line, carry)));
  const args = await Promise.all(indexArgs.map(arg => (arg.startsWith('/') ? carry(arg) : arg)));
  const carried = await Promise.all(
    requirements.map(async each => ({ ...each, text: await carrySource(each, carry) })),
  );
  await mkdir(join(dir, 'target'));
  const write = (name: string, lines: readonly string[]): Promise<void> =>
    writeFile(join(dir, name), lines.map(line => `${line}\n`).join(''));
  await write('constraints.txt', project.constraints);
  await write('requirements.txt', [
    ...options,
    ...carried.filter(({ source }) => source === null).map(toLine),
  ]);
  await write('sources.txt', [
    ...options,
    ...carried.filter(({ source }) => source !== null).map(({ text }) => text),
  ]);
  await writeFile(join(dir, 'steps.json'), JSON.stringify(listSteps(request, args)));
  const kept = Object.entries(pipEnv(context.env)).filter(([name]) =>
    /^(?:PIP_|SOURCE_DATE_EPOCH$|PYTHONIOENCODING$)/.test(name),
  );
  const local = ['PIP_CONFIG_FILE', 'PIP_FIND_LINKS', 'PIP_CACHE_DIR', 'PIP_CERT', 'PIP_CLIENT_CERT'];
  const pairs = kept.flatMap(([name, value]) =>
    value === undefined || local.includes(name) ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(pairs), HOME: '/tmp', PIP_NO_CACHE_DIR: '1' };
}

/** With hashes, which sources cannot have, all becomes wheels first: the ones are checked, the others are built. */
function listSteps(
  { project, requirements }: InstallRequest,
  indexArgs: readonly string[],
): readonly (readonly string[])[] {
  const at = (name: string): string => `${PLACE}/${name}`;
  const deps = project.isLocked ? ['--no-deps'] : [];
  const pinned = project.constraints.length > 0 ? ['-c', at('constraints.txt')] : [];
  const install = ['install', '--target', at('target'), '--no-compile', '--no-warn-script-location'];
  const sources = requirements.filter(({ source }) => source !== null);
  if (!hasHashes(requirements) || sources.length === 0) {
    return [
      [...install, ...deps, ...pinned, ...indexArgs, '-r', at('requirements.txt'), '-r', at('sources.txt')],
    ];
  }
  const wheel = ['wheel', '--no-deps', '--wheel-dir', at('wheels'), ...indexArgs];
  const fromWheels = ['--no-index', '--find-links', at('wheels'), '--no-deps'];
  return [
    [...wheel, '-r', at('requirements.txt')],
    [...wheel, '-r', at('sources.txt')],
    [...install, ...fromWheels, ...requirements.map(({ name, text }) => name ?? text)],
  ];
}

type Carry = (path: string) => Promise<string>;

/** Copies folders and files of this machine into the folder, and says where they are in the container. */
function carrier(dir: string): Carry {
  let count = 0;
  return async path => {
    const place = `carried-${count++}/${basename(path)}`;
    await cp(path, join(dir, place), {
      recursive: true,
      filter: each => !isLeftBehind(toPosix(relative(path, each))),
    });
    return `${PLACE}/${place}`;
  };
}

async function carryOption(line: string, carry: Carry): Promise<string> {
  const [, option, path = ''] = /^(--find-links) (\/.*)$/.exec(line) ?? [];
  return option === undefined ? line : `${option} ${await carry(path)}`;
}

/** What is to be built from this machine's disk; a wheel on it too. */
async function carrySource({ name, text, source }: Requirement, carry: Carry): Promise<string> {
  const [, named, url] = /^(\S+ @ )(file:\S+)$/.exec(text) ?? [];
  if (source === null)
    return url === undefined ? text : `${named}file://${await carry(new URL(url).pathname)}`;
  if (/^[a-z][a-z\d+.-]+:/i.test(source.location)) return source.location;
  const place = `file://${await carry(source.location)}`;
  return name === null
    ? `${place.slice('file://'.length)}${formatExtras(source.extras)}`
    : `${name}${formatExtras(source.extras)} @ ${place}`;
}
