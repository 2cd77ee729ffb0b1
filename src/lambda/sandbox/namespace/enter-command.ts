import { release } from 'node:os';
import { join } from 'node:path';
import { readOwnManifest } from '../../../util/own-manifest.ts';
import type { SandboxCommand } from '../../types.ts';
import { MAX_PROCESSES } from './cgroup.ts';
import { LAMBDA_USER } from './sandbox-user.ts';

export interface EnterOptions {
  readonly isRoot: boolean;
  readonly root: string;
  readonly table: string;
  readonly folder: string;
  /** Files that put the command into its cgroup: none, one or two. */
  readonly procs: readonly string[];
}

/** Where the tools of util-linux lie, whatever the PATH of our own process is. */
export const TOOL_ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } as const;

/** Arguments of `setpriv` that enter the namespaces and there run enter.sh, which waits for what it is to run. */
export function enterArguments(options: EnterOptions): readonly string[] {
  const { isRoot, root, table, folder, procs } = options;
  const script = join(readOwnManifest().root, 'src/lambda/sandbox/enter.sh');
  return [
    // With our own process, the one that waits for the namespaces is killed, and with that one all in them.
    ...['--pdeathsig', 'KILL', '--', 'unshare'],
    ...(isRoot ? [] : ['--user', '--map-root-user']),
    ...['--mount', '--propagation', 'private', '--ipc', '--pid', '--fork', '--kill-child', '--'],
    // Below the own user namespace, becoming Lambda's user takes one more; on Lambda, there are none to be had.
    ...['sh', script, root, table, folder, isRoot ? '' : '1'],
    ...[procs[0] ?? '', procs[1] ?? ''],
    ...becomeUser(options),
  ];
}

/** What enter.sh reads: the environment, the file and its arguments. */
export function enterInput(file: string, { args, env }: SandboxCommand): string {
  const words = [
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    // `env` takes a path with that sign for one more variable.
    ...(file.includes('=') ? ['setpriv', '--no-new-privs', '--'] : []),
    ...[file, ...args],
  ];
  const lines = words.map(word => `=${word.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`);
  return `${lines.join('')}go\n`;
}

function becomeUser({ isRoot }: EnterOptions): readonly string[] {
  const { uid, gid } = LAMBDA_USER;
  if (isRoot) {
    const powerless = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--clear-groups'];
    return ['setpriv', ...powerless, `--reuid=${uid}`, `--regid=${gid}`, '--'];
  }
  // Its files are those of the user that we run as; only the numbers are Lambda's. With such a number there are no powers left.
  const names = [`--map-user=${uid}`, `--map-group=${gid}`];
  const own = ['setpriv', '--no-new-privs', '--', 'unshare', '--user', ...names, '--'];
  return canCountOwn() ? [...own, 'prlimit', `--nproc=${MAX_PROCESSES}`] : own;
}

/** Since Linux 5.14, a user namespace counts its own processes; before that, all that the user runs anywhere count. */
function canCountOwn(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number.parseFloat);
  return major > 5 || (major === 5 && minor >= 14);
}
