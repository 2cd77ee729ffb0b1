import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Platform } from '../../types.ts';
import { orNull } from '../../util/fs.ts';

export type ManagerName = 'npm' | 'pnpm' | 'yarn-classic' | 'yarn';

/** What one package manager needs to install the production dependencies of another platform, scripts off. */
export interface PackageManager {
  readonly name: ManagerName;
  readonly command: string;
  /** The npm package that provides the command, with a version range, for hosts that lack it. */
  readonly fetchAs: string | null;
  readonly installArgs: (platform: Platform) => readonly string[];
  /** A command to run before, for managers that take the platform from their config only. */
  readonly prepareArgs?: (platform: Platform) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the install scripts of the packages that are named after it; pnpm would else run those that its own settings allow. */
export const PNPM_REBUILD = ['rebuild', '--config.dangerouslyAllowAllBuilds=true'] as const;

export interface Lockfile {
  readonly file: string;
  readonly text: string;
  readonly manager: PackageManager;
}

/** Lockfiles in the order in which they win when several lie side by side. */
const LOCKFILES = ['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'] as const;
export const LOCKFILE_NAMES: readonly string[] = LOCKFILES;

const platformFlags = (platform: Platform): string[] => [
  `--os=${platform.os}`,
  `--cpu=${platform.arch}`,
  `--libc=${platform.libc}`,
];

export const QUIET_NPM = [
  ...['--no-audit', '--no-fund', '--no-update-notifier'],
  // Its own delays keep a person without a network waiting for more than a minute.
  ...['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'],
];

/** npm without a lockfile resolves the ranges of package.json anew. */
export const NPM_WITHOUT_LOCKFILE: PackageManager = {
  name: 'npm',
  command: 'npm',
  fetchAs: null,
  installArgs: platform => [
    'install',
    '--omit=dev',
    '--ignore-scripts',
    '--no-package-lock',
    ...platformFlags(platform),
    ...QUIET_NPM,
  ],
  env: {},
};

const NPM: PackageManager = {
  ...NPM_WITHOUT_LOCKFILE,
  installArgs: platform => ['ci', '--omit=dev', '--ignore-scripts', ...platformFlags(platform), ...QUIET_NPM],
};

function pnpm(text: string): PackageManager {
  const oldLock = /^lockfileVersion:\s*'?[56]/m.test(text);
  return {
    name: 'pnpm',
    command: 'pnpm',
    fetchAs: oldLock ? 'pnpm@8' : 'pnpm@10',
    installArgs: platform => [
      'install',
      '--prod',
      '--frozen-lockfile',
      '--ignore-scripts',
      ...platformFlags(platform),
    ],
    env: { CI: 'true' },
  };
}

function yarn(text: string): PackageManager {
  if (text.includes('# yarn lockfile v1')) {
    return {
      name: 'yarn-classic',
      command: 'yarn',
      fetchAs: 'yarn@1',
      installArgs: () => [
        'install',
        '--production',
        '--frozen-lockfile',
        '--ignore-scripts',
        '--ignore-platform',
        '--non-interactive',
      ],
      env: {},
    };
  }
  return {
    name: 'yarn',
    command: 'yarn',
    fetchAs: '@yarnpkg/cli-dist@4',
    installArgs: () => ['install', '--immutable', '--mode=skip-build'],
    prepareArgs: ({ os, arch, libc }) => [
      ...['config', 'set', '--json', 'supportedArchitectures'],
      JSON.stringify({ os: [os], cpu: [arch], libc: [libc] }),
    ],
    // Without real node_modules nothing could be traced.
    env: { YARN_NODE_LINKER: 'node-modules', YARN_ENABLE_GLOBAL_CACHE: 'true', YARN_ENABLE_TELEMETRY: '0' },
  };
}

/** Finds the lockfile of a folder and the package manager that wrote it. */
export async function findLockfile(dir: string): Promise<Lockfile | null> {
  for (const name of LOCKFILES) {
    const file = join(dir, name);
    const text = await orNull(readFile(file, 'utf8'));
    if (text === null) continue;
    const manager = name === 'pnpm-lock.yaml' ? pnpm(text) : name === 'yarn.lock' ? yarn(text) : NPM;
    return { file, text, manager };
  }
  return null;
}
