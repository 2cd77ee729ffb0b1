import { stat } from 'node:fs/promises';
import type { SandboxSpec } from '../../types.ts';
import { listHostPaths } from './host-paths.ts';

/** Numbers of the user that a function runs as. */
export interface SandboxUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user that functions run as on Lambda. */
export const LAMBDA_USER: SandboxUser = { uid: 993, gid: 990 };

const ROOT: SandboxUser = { uid: 0, gid: 0 };

/** What the mode of a path has to grant to others. */
const OTHERS = { read: 0o5, write: 0o7, execute: 0o1, readFile: 0o4 };

/**
 * Picks the user for a sandbox that root starts: Lambda's, unless this user could not reach what it has to, as the folder of a
 * mount that only root may write to. Then it is root, without any of its powers.
 */
export async function chooseUser(spec: SandboxSpec): Promise<SandboxUser> {
  const { code, layers, mount, runtime, runtimePackages, interpreter } = spec;
  const read = [code, ...layers, runtime, runtimePackages].filter(folder => folder !== null);
  const isReachable = await Promise.all([
    ...read.map(folder => grants(folder, OTHERS.read)),
    ...(await listHostPaths(spec)).map(({ path, kind, writable }) =>
      grants(path, writable ? OTHERS.write : kind === 'folder' ? OTHERS.read : OTHERS.readFile),
    ),
    mount === null || grants(mount.folder, OTHERS.write),
    grants(interpreter.file, OTHERS.execute),
  ]);
  return isReachable.every(Boolean) ? LAMBDA_USER : ROOT;
}

async function grants(path: string, bits: number): Promise<boolean> {
  const { mode } = await stat(path);
  return (mode & bits) === bits;
}

/** Lines for `/etc/passwd` and `/etc/group` that know no user but root and Lambda's. */
export const PASSWD = `root:x:0:0:root:/root:/sbin/nologin
sbx_user1051:x:${LAMBDA_USER.uid}:${LAMBDA_USER.gid}::/home/sbx_user1051:/sbin/nologin
`;

export const GROUP = `root:x:0:\nsbx_user1051:x:${LAMBDA_USER.gid}:\n`;
