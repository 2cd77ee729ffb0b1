import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContainerStep, type Credentials, PLACES } from '../../../container/build-types.ts';
import { joinCredentials, NO_CREDENTIALS } from '../../../container/credentials/credentials.ts';
import { findNpmCredentials } from '../../../container/credentials/npm.ts';
import type { Context, Platform } from '../../../types.ts';
import { orNull } from '../../../util/fs.ts';
import { mirrorManifests } from '../mirror-manifests.ts';
import { type PackageManager, PNPM_REBUILD } from '../package-manager.ts';
import type { ImageRequest } from './compile-in-image.ts';

/** The folder in the container that packages are installed into; it comes out under this name. */
export const TREE = 'tree';

/** Beside the sources, and of no use in what comes out. */
const OWN = '.lambda-slim';

/** What an installation of packages of Node.js is made from. */
export interface PackagesRequest {
  /** The folder with the lockfile, and those of its files that count, relative to it. */
  readonly root: string;
  readonly manifests: readonly string[];
  readonly manager: PackageManager;
  readonly platform: Platform;
  /** Packages whose install scripts may run, beside those that have to be compiled. */
  readonly scripts: readonly string[];
}

/** What goes into a container. */
export interface LaidOut {
  readonly steps: readonly ContainerStep[];
  readonly env: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
}

/** The settings of yarn 1. */
async function findOldYarn(root: string): Promise<Credentials> {
  const content = await orNull(readFile(join(root, '.yarnrc'), 'utf8'));
  return content === null ? NO_CREDENTIALS : { ...NO_CREDENTIALS, secrets: [{ name: 'yarnrc', content }] };
}

/** Files in which managers keep credentials; they go in as secrets. */
const SECRETS = ['.npmrc', '.yarnrc', '.yarnrc.yml'];

/** Puts into `sources` what the container needs to install packages, and tells what to do there. */
export async function layOutPackages(
  request: PackagesRequest,
  sources: string,
  { env }: Context,
): Promise<LaidOut> {
  const { root, manifests, manager } = request;
  const credentials = joinCredentials(await findNpmCredentials([root], env), await findOldYarn(root));
  const shown = manifests.filter(path => !SECRETS.includes(path));
  await mkdir(join(sources, OWN), { recursive: true });
  await mirrorManifests(root, shown, sources);
  const script = fileURLToPath(new URL('./compile-in-image.js', import.meta.url));
  await copyFile(script, join(sources, OWN, 'compile-in-image.mjs'));
  await writeFile(join(sources, OWN, 'request.json'), JSON.stringify(toImageRequest(request, credentials)));
  return {
    steps: listSteps(request, credentials),
    env: { ...manager.env, ...CACHES, SOURCE_DATE_EPOCH: EPOCH },
    credentials,
  };
}

function listSteps(
  { manager, platform }: PackagesRequest,
  { secrets }: Credentials,
): readonly ContainerStep[] {
  const tree = `${PLACES.out}/${TREE}`;
  const own = `${tree}/${OWN}`;
  const [program = '', ...start] = commandOf(manager);
  const manage = (args: readonly string[]): ContainerStep => ({
    command: [program, ...start, ...args],
    cwd: tree,
  });
  const links = ['yarnrc', 'yarnrc.yml'].filter(name => secrets.some(secret => secret.name === name));
  return [
    // Whether it is there at all.
    { command: ['npm', '--version'] },
    { command: ['cp', '-R', PLACES.in, tree] },
    ...links.map(name => ({
      command: ['ln', '-s', `${PLACES.secrets}/${name}`, `${tree}/.${name}`] as const,
    })),
    ...(manager.prepareArgs ? [manage(manager.prepareArgs(platform))] : []),
    manage(manager.installArgs(platform)),
    { command: ['node', `${own}/compile-in-image.mjs`, `${own}/request.json`], cwd: tree },
    { command: ['rm', '-r', own] },
  ];
}

/** Variables that tell where to get packages, and no secret. */
const SETTING = /^(?:npm_config_|NODE_EXTRA_CA_CERTS$)/;

/** 1980-01-01, so that what is compiled has no date of its own. */
const EPOCH = '315532800';

const CACHES = {
  npm_config_cache: `${PLACES.scratch}/npm`,
  npm_config_store_dir: `${PLACES.scratch}/pnpm`,
  npm_config_devdir: `${PLACES.scratch}/node-gyp`,
  YARN_CACHE_FOLDER: `${PLACES.scratch}/yarn`,
  YARN_GLOBAL_FOLDER: `${PLACES.scratch}/yarn`,
};

function toImageRequest(
  { manager, platform, scripts }: PackagesRequest,
  credentials: Credentials,
): ImageRequest {
  const { runtime } = platform;
  const rebuild =
    manager.name === 'pnpm'
      ? [...commandOf(manager), ...PNPM_REBUILD]
      : ['npm', 'rebuild', '--foreground-scripts'];
  return {
    runtime: runtime.id,
    major: runtime.version,
    rebuild,
    scripts,
    secrets: PLACES.secrets,
    secretVariables: Object.keys(credentials.env).filter(name => !SETTING.test(name)),
  };
}

/** Images have npm, which gets the others; so their versions do not depend on the image. */
function commandOf({ command, fetchAs }: PackageManager): readonly string[] {
  return fetchAs === null ? [command] : ['npm', 'exec', '--yes', `--package=${fetchAs}`, '--', command];
}
