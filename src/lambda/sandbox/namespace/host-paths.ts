import { lstat, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, normalize } from 'node:path';
import { exists, orNull } from '../../../util/fs.ts';
import { compareCodeUnits } from '../../../util/path.ts';
import type { SandboxSpec } from '../../types.ts';

/** The system's own folders, shown as they are. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc'];

/** What links in `/etc` lead to in some systems, and what programs need to find names and trust servers. */
const LINKED = ['/etc/resolv.conf', '/etc/ssl/certs', '/etc/pki/tls/certs'];

/** A path of the host that the sandbox sees under the same name. */
export interface HostPath {
  readonly path: string;
  readonly kind: 'folder' | 'file';
  readonly writable: boolean;
}

/** A folder of the system; where it is a link, such as `/bin` to `usr/bin`, what it leads to. */
export interface SystemPath {
  readonly path: string;
  readonly to: string | null;
}

export async function listSystem(): Promise<readonly SystemPath[]> {
  const found = await Promise.all(
    SYSTEM.map(async path => {
      const entry = await orNull(lstat(path));
      return entry && { path, to: entry.isSymbolicLink() ? await readlink(path) : null };
    }),
  );
  return found.filter(entry => entry !== null);
}

/** What the sandbox sees of the host beside the system's folders, parents before what is in them. */
export async function listHostPaths({ interpreter, visible }: SandboxSpec): Promise<readonly HostPath[]> {
  const folder = (path: string, writable = false): HostPath => ({
    path: tidy(path),
    kind: 'folder',
    writable,
  });
  const shown = new Map<string, HostPath>();
  const show = (found: HostPath): void => {
    const isWritable = found.writable || (shown.get(found.path)?.writable ?? false);
    if (found.writable || !isWithin(found.path, SYSTEM))
      shown.set(found.path, { ...found, writable: isWritable });
  };
  for (const path of interpreter.folders) show(folder(path));
  for (const entry of visible) show(folder(entry.folder, entry.writable));
  for (const path of [interpreter.file, await realpath(interpreter.file)]) {
    if (isWithin(path, [...shown.keys()])) continue;
    // A file cannot be put into a /tmp or an /opt that has yet to be made.
    if (isWithin(path, ['/tmp', '/opt'])) show(folder(dirname(path)));
    else show({ path: tidy(path), kind: 'file', writable: false });
  }
  for (const path of LINKED) {
    if (!(await exists(path))) continue;
    const to = await realpath(path);
    if (to !== path) show({ path: to, kind: path.endsWith('.conf') ? 'file' : 'folder', writable: false });
  }
  return [...shown.values()].sort((a, b) => compareCodeUnits(a.path, b.path));
}

export function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some(folder => path === folder || path.startsWith(`${folder}/`));
}

function tidy(path: string): string {
  return normalize(path).replace(/(.)\/$/, '$1');
}

/** Says of a path whether its file system is mounted so that nothing on it may be run; only the kernel may take that back. */
export async function readNoexec(): Promise<(path: string) => Promise<boolean>> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).trimEnd().split('\n');
  const mounts = lines.map(line => {
    const [, , , , point, options] = line.split(' ') as [string, string, string, string, string, string];
    const path = point.replace(/\\(\d{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    return { path, noexec: options.split(',').includes('noexec') };
  });
  return async path => {
    const real = await realpath(path);
    const over = mounts.filter(mount => mount.path === '/' || isWithin(real, [mount.path]));
    return over.reduce((a, b) => (b.path.length >= a.path.length ? b : a), { path: '', noexec: false })
      .noexec;
  };
}
