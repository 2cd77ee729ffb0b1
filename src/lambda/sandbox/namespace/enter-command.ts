import { join } from 'node:path';
import { readOwnManifest } from '../../../util/own-manifest.ts';
import type { SandboxCommand } from '../../types.ts';
import { LAMBDA_USER, type SandboxUser } from './sandbox-user.ts';

export interface EnterOptions {
  readonly isRoot: boolean;
  readonly user: SandboxUser;
  readonly root: string;
  readonly table: string;
  readonly folder: string;
  /** File that puts the command into its cgroup, or none. */
  readonly procs: string | null;
}

/** Where the tools of util-linux lie, whatever the PATH of our own process is. */
export const TOOL_ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } as const;

/** Arguments of `setpriv` that enter the namespaces and there run enter.sh, which waits for the rest of its command. */
export function enterArguments(options: EnterOptions): readonly string[] {
  const { isRoot, root, table, folder, procs } = options;
  const script = join(readOwnManifest().root, 'src/lambda/sandbox/enter.sh');
  return [
    // With our own process, the one that waits for the namespaces is killed, and with that one all in them.
    ...['--pdeathsig', 'KILL', '--', 'unshare'],
    ...(isRoot ? [] : ['--user', '--map-root-user']),
    ...['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--'],
    ...['sh', script, root, table, folder, procs ?? ''],
    ...becomeUser(options),
    ...['env', '-i'],
  ];
}

/** What enter.sh reads: the rest of its command, which is the environment, the file and its arguments. */
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

function becomeUser({ isRoot, user }: EnterOptions): readonly string[] {
  if (isRoot) {
    const powerless = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--clear-groups'];
    return ['setpriv', ...powerless, `--reuid=${user.uid}`, `--regid=${user.gid}`, '--'];
  }
  // Its files are those of the user that we run as; only the numbers are Lambda's. With such a number there are no powers left.
  const names = [`--map-user=${LAMBDA_USER.uid}`, `--map-group=${LAMBDA_USER.gid}`];
  return ['setpriv', '--no-new-privs', '--', 'unshare', '--user', ...names, '--'];
}
