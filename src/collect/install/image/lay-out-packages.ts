import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContainerStep, type Credentials, PLACES } from '../../../container/build-types.ts';
import { listAddressSecrets } from '../../../container/credentials/addresses.ts';
import { joinCredentials, NO_CREDENTIALS } from '../../../container/credentials/credentials.ts';
import { findNpmCredentials } from '../../../container/credentials/npm.ts';
import type { Context, Platform } from '../../../types.ts';
import { orNull } from '../../../util/fs.ts';
import { mirrorManifests } from '../mirror-manifests.ts';
import type { OwnAddons } from '../own-addons.ts';
import { type PackageManager, PNPM_REBUILD, QUIET_NPM } from '../package-manager.ts';
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
  /** Packages of the project itself that are compiled. */
  readonly addons: OwnAddons;
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

/** `"//registry/:_authToken" "…"`. */
const YARN_SECRET = /(?:_authToken|_auth|_password)"?\s+"?([^"\s]+)/g;

/** The settings of yarn 1. */
async function findOldYarn(root: string): Promise<Credentials> {
  const content = await orNull(readFile(join(root, '.yarnrc'), 'utf8'));
  if (content === null) return NO_CREDENTIALS;
  const tokens = [...content.matchAll(YARN_SECRET)].flatMap(([, token]) => token ?? []);
  const masked = [...tokens, ...listAddressSecrets(content)];
  return { ...NO_CREDENTIALS, secrets: [{ name: 'yarnrc', content }], masked };
}

/** Files in which managers keep credentials; they go in as secrets. */
const SECRETS = ['.npmrc', '.yarnrc', '.yarnrc.yml'];

/** Puts into `sources` what the container needs to install packages, and tells what to do there. */
export async function layOutPackages(
  request: PackagesRequest,
  sources: string,
  { env }: Context,
): Promise<LaidOut> {
  const { root, manifests, addons, manager } = request;
  const credentials = joinCredentials(await findNpmCredentials([root], env), await findOldYarn(root));
  const shown = manifests.filter(path => !SECRETS.includes(path));
  await mkdir(join(sources, OWN), { recursive: true });
  await mirrorManifests(root, [...shown, ...addons.files], sources);
  const script = fileURLToPath(new URL('./compile-in-image.js', import.meta.url));
  await copyFile(script, join(sources, OWN, 'compile-in-image.mjs'));
  await writeFile(join(sources, OWN, 'request.json'), JSON.stringify(toImageRequest(request)));
  return {
    steps: listSteps(request, credentials),
    env: { ...manager.env, ...CACHES, npm_config_cache: cacheOf(manager), SOURCE_DATE_EPOCH: EPOCH },
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
    hideIndex(manager),
    ...fetchManager(manager),
    { command: ['cp', '-R', PLACES.in, tree] },
    ...links.map(name => ({
      command: ['ln', '-s', `${PLACES.secrets}/${name}`, `${tree}/.${name}`] as const,
    })),
    ...(manager.prepareArgs ? [manage(manager.prepareArgs(platform))] : []),
    manage(manager.installArgs(platform)),
    // The index is gone with the credentials; scripts may use npm again.
    { ...hideIndex(manager), withoutCredentials: true },
    {
      command: ['node', `${own}/compile-in-image.mjs`, `${own}/request.json`],
      cwd: tree,
      withoutCredentials: true,
    },
    { command: ['rm', '-r', own] },
  ];
}

/** 1980-01-01, so that what is compiled has no date of its own. */
const EPOCH = '315532800';

const CACHES = {
  // They would tell addresses with passwords.
  npm_config_logs_max: '0',
  npm_config_store_dir: `${PLACES.scratch}/pnpm`,
  npm_config_devdir: `${PLACES.scratch}/node-gyp`,
  YARN_CACHE_FOLDER: `${PLACES.scratch}/yarn`,
  YARN_GLOBAL_FOLDER: `${PLACES.scratch}/yarn`,
};

/** Of a manager that npm only fetches nothing is kept: npm would run, with credentials, what scripts of packages may have put there. */
function cacheOf({ fetchAs }: PackageManager): string {
  return `${fetchAs === null ? PLACES.scratch : PLACES.work}/npm`;
}

/** npm's index of its cache has addresses with their passwords, so it goes with the credentials. What a lockfile pins, npm finds without it. */
function hideIndex(manager: PackageManager): ContainerStep {
  const script = 'mkdir -p "$1" "$2"; rm -rf "$2/index-v5"; ln -s "$1" "$2/index-v5"';
  return { command: ['sh', '-ec', script, 'sh', `${PLACES.home}/npm-index`, `${cacheOf(manager)}/_cacache`] };
}

function toImageRequest({ manager, platform, scripts, addons }: PackagesRequest): ImageRequest {
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
    addons: addons.folders,
  };
}

const MANAGER = `${PLACES.work}/manager`;

function commandOf({ command, fetchAs }: PackageManager): readonly string[] {
  return [fetchAs === null ? command : `${MANAGER}/node_modules/.bin/${command}`];
}

/** Images have npm, which gets the others; so their versions do not depend on the image. */
function fetchManager({ fetchAs }: PackageManager): readonly ContainerStep[] {
  if (fetchAs === null) return [];
  return [{ command: ['npm', 'install', '--ignore-scripts', ...QUIET_NPM, '--prefix', MANAGER, fetchAs] }];
}
