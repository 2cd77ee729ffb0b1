import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxSpec } from '../../types.ts';
import { isUnpackedPart } from '../../unpack-part.ts';
import { listHostPaths } from './host-paths.ts';
import { isGranted, isOpen, LAMBDA_USER, RIGHTS } from './sandbox-user.ts';

const WHO = `Note: a function runs as user ${LAMBDA_USER.uid}, as on Lambda, and that user`;

/** Says what of that which a function is given its user may not use, where root starts it; else all belongs to the same user. */
export async function noteAccess(spec: SandboxSpec): Promise<void> {
  const { code, layers, runtimePackages, mount, onLog } = spec;
  const host = (await listHostPaths(spec)).filter(({ kind, writable }) => kind === 'folder' && !writable);
  const folders = [code, ...layers, runtimePackages, ...host.map(({ path }) => path)];
  for (const folder of new Set(folders.filter(path => path !== null))) {
    if (isUnpackedPart(folder)) continue;
    const closed = await findClosed(folder);
    if (closed) onLog(`${WHO} may not read ${closed}; \`chmod -R go+rX ${folder}\` would let it.\n`);
  }
  if (!mount) return;
  const found = await stat(mount.folder);
  if (isGranted(found, RIGHTS.write)) return;
  const deed = isOpen(found) ? 'write to' : 'use';
  const { uid, gid } = LAMBDA_USER;
  onLog(`${WHO} may not ${deed} ${mount.folder}; \`chown ${uid}:${gid} ${mount.folder}\` would let it.\n`);
}

/** One is enough, and all are alike where it was the umask. */
async function findClosed(folder: string): Promise<string | null> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && !isOpen(found)) return path;
  }
  return null;
}
