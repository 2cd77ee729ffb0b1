import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../../util/fs.ts';
import type { Places, SandboxSpec } from '../../types.ts';
import { makeFolder } from '../make-folder.ts';
import { mergeFolders } from '../merge-folders.ts';
import { openModes } from '../open-modes.ts';
import { listRuntimePackages } from '../runtime-folder.ts';
import { type HostPath, isWithin, listHostPaths, listSystem } from './host-paths.ts';
import type { MountLine } from './mount-table.ts';
import { GROUP, PASSWD } from './sandbox-user.ts';
import { bindWritable, makePoint, openShows, type ShowOptions, type Shows } from './show-paths.ts';

/** Lambda's own places. */
export const LAMBDA_PLACES: Places = { task: '/var/task', opt: '/opt', runtime: '/var/runtime', tmp: '/tmp' };

/** Lambda has neither `/dev/shm` nor `/sys`: what does not work there must not work here. */
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
const DEVICE_LINKS = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
};

/** What belongs to the whole machine, and no container may write to; its user may be root of the host. */
const MACHINE_WIDE = ['acpi', 'bus', 'fs', 'irq', 'scsi', 'sys', 'sysrq-trigger'].map(
  name => `/proc/${name}`,
);

/** What is mounted before `/tmp`, and after it, since it may lie in it. */
export interface Layout {
  readonly root: string;
  readonly before: readonly MountLine[];
  readonly after: readonly MountLine[];
}

/**
 * Makes the empty folders and files that parts of the host are mounted over: the whole root of a sandbox, of which nothing can be
 * written to but `/tmp`, an EFS folder, and what was asked for.
 */
export async function layOut(spec: SandboxSpec, options: ShowOptions): Promise<Layout> {
  const root = join(options.dir, 'root');
  await makeFolder(root);
  const show = await openShows(root, options);
  const hostPaths = await listHostPaths(spec);
  const [inTmp, elsewhere] = partition(hostPaths, ({ path }) => isWithin(path, ['/tmp']));
  const before = [
    await show.on(root, '/'),
    ...(await showSystem(root, options, show)),
    await showCode(spec, root, show),
    ...(await showRuntime(spec, options, show)),
    await showLayers(spec, elsewhere, options, show),
    ...(await showMount(spec, root)),
  ];
  for (const path of elsewhere) before.push(await showHostPath(path, root, show));
  await makePoint(root, '/tmp', 'folder');
  const after: MountLine[] = [];
  for (const { path, writable } of inTmp) {
    const line = writable ? bindWritable(path, path) : await show.on(path, path);
    after.push({ ...line, options: [...line.options, 'X-mount.mkdir=0755'] });
  }
  return { root, before, after };
}

/** Through a mount that is read-only the kernel notes no access times. */
async function showCode({ code, writableCode }: SandboxSpec, root: string, show: Shows): Promise<MountLine> {
  if (!writableCode) return show.at(code, LAMBDA_PLACES.task);
  await makePoint(root, LAMBDA_PLACES.task, 'folder');
  return bindWritable(code, LAMBDA_PLACES.task);
}

async function showSystem(root: string, { dir }: ShowOptions, show: Shows): Promise<readonly MountLine[]> {
  const lines: MountLine[] = [];
  for (const { path, to } of await listSystem()) {
    if (to === null) lines.push(await show.at(path, path));
    else await symlink(to, join(root, path));
  }
  for (const [name, text] of [['passwd', PASSWD] as const, ['group', GROUP] as const]) {
    await writeFile(join(dir, name), text);
    await chmod(join(dir, name), 0o644);
    lines.push(await show.at(join(dir, name), `/etc/${name}`, 'file'));
  }
  for (const name of DEVICES) {
    await makePoint(root, `/dev/${name}`, 'file');
    lines.push(bindWritable(`/dev/${name}`, `/dev/${name}`));
  }
  for (const [name, to] of Object.entries(DEVICE_LINKS)) await symlink(to, join(root, 'dev', name));
  await makePoint(root, '/proc', 'folder');
  lines.push({ source: 'proc', target: '/proc', type: 'proc', options: ['nosuid', 'nodev', 'noexec'] });
  for (const path of MACHINE_WIDE)
    if (await exists(path))
      lines.push({ source: join(root, path), target: path, type: 'none', options: ['bind', 'ro'] });
  return lines;
}

/** A copy that all may read, however it was installed, with points for the packages to be mounted on. */
async function showRuntime(
  spec: SandboxSpec,
  { dir, signal }: ShowOptions,
  show: Shows,
): Promise<readonly MountLine[]> {
  const copy = join(dir, 'runtime');
  await mergeFolders([spec.runtime], copy, signal);
  await openModes(copy);
  const lines = [await show.at(copy, '/var/runtime')];
  for (const { path, source, kind } of await listRuntimePackages(spec)) {
    await makePoint(copy, `/${path}`, kind);
    lines.push(await show.at(source, `/var/runtime/${path}`, kind));
  }
  return lines;
}

async function showLayers(
  spec: SandboxSpec,
  hostPaths: readonly HostPath[],
  { dir }: ShowOptions,
  show: Shows,
): Promise<MountLine> {
  const sources = [...spec.layers];
  const points = hostPaths.filter(({ path }) => isWithin(path, ['/opt']));
  if (points.length > 0 || sources.length === 0) {
    const below = join(dir, 'points');
    await makeFolder(below);
    for (const { path, kind } of points) await makePoint(below, path.slice('/opt'.length), kind);
    sources.unshift(below);
  }
  const [only, ...others] = sources;
  return only !== undefined && others.length === 0 ? show.at(only, '/opt') : show.merged(sources, '/opt');
}

async function showMount({ mount }: SandboxSpec, root: string): Promise<readonly MountLine[]> {
  if (!mount) return [];
  await makePoint(root, mount.path, 'folder');
  return [bindWritable(mount.folder, mount.path)];
}

async function showHostPath(
  { path, kind, writable }: HostPath,
  root: string,
  show: Shows,
): Promise<MountLine> {
  if (!writable) return show.at(path, path, kind);
  await makePoint(root, path, 'folder');
  return bindWritable(path, path);
}

function partition<T>(
  items: readonly T[],
  isFirst: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter(item => !isFirst(item))];
}
