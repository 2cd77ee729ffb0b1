import { chmod, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../../../util/fs.ts';
import type { Places, SandboxSpec } from '../../types.ts';
import { makeFolder } from '../make-folder.ts';
import { mergeFolders } from '../merge-folders.ts';
import { listRuntimePackages } from '../runtime-folder.ts';
import { type HostPath, isWithin, listHostPaths, listSystem, readNoexec } from './host-paths.ts';
import type { MountLine } from './mount-table.ts';
import { GROUP, PASSWD } from './sandbox-user.ts';

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

export interface LayOutOptions {
  /** An empty folder, which the new root and other parts are made in. */
  readonly dir: string;
  /** True where the kernel's overlay file system can merge layers; else they are copied. */
  readonly overlay: boolean;
  readonly isRoot: boolean;
  readonly signal: AbortSignal;
}

/** What is mounted before `/tmp`, and after it, since it may lie in it. */
export interface Layout {
  readonly root: string;
  readonly before: readonly MountLine[];
  readonly after: readonly MountLine[];
}

type Show = (source: string, target: string, kind?: 'folder' | 'file') => Promise<MountLine>;

/**
 * Makes the empty folders and files that parts of the host are mounted over: the whole root of a sandbox, of which nothing can be
 * written to but `/tmp`, an EFS folder, and what was asked for.
 */
export async function layOut(spec: SandboxSpec, options: LayOutOptions): Promise<Layout> {
  const root = join(options.dir, 'root');
  await makeFolder(root);
  const noexec = await readNoexec();
  const bind = async (source: string, target: string): Promise<MountLine> => {
    const flags = (await noexec(source)) ? ['noexec'] : [];
    return { source, target, type: 'none', options: ['rbind', 'ro', 'nosuid', 'nodev', ...flags] };
  };
  const show: Show = async (source, target, kind = 'folder') => {
    await makePoint(root, target, kind);
    return bind(source, target);
  };
  const hostPaths = await listHostPaths(spec);
  const [inTmp, elsewhere] = partition(hostPaths, ({ path }) => isWithin(path, ['/tmp']));
  const before = [
    await bind(root, '/'),
    ...(await showSystem(root, options, show)),
    await showCode(spec, root, show),
    ...(await showRuntime(spec, options, show)),
    ...(await showLayers(spec, elsewhere, options, show)),
    ...(await showMount(spec, root)),
  ];
  for (const path of elsewhere) before.push(await showHostPath(path, root, show));
  await makePoint(root, '/tmp', 'folder');
  const after: MountLine[] = [];
  for (const { path, writable } of inTmp) {
    const line = writable ? bindWritable(path, path) : await bind(path, path);
    after.push({ ...line, options: [...line.options, 'X-mount.mkdir=0755'] });
  }
  return { root, before, after };
}

/** Through a mount that is read-only the kernel notes no access times. */
async function showCode({ code, writableCode }: SandboxSpec, root: string, show: Show): Promise<MountLine> {
  if (!writableCode) return show(code, LAMBDA_PLACES.task);
  await makePoint(root, LAMBDA_PLACES.task, 'folder');
  return bindWritable(code, LAMBDA_PLACES.task);
}

async function showSystem(
  root: string,
  { dir, isRoot }: LayOutOptions,
  show: Show,
): Promise<readonly MountLine[]> {
  const lines: MountLine[] = [];
  for (const { path, to } of await listSystem()) {
    if (to === null) lines.push(await show(path, path));
    else await symlink(to, join(root, path));
  }
  for (const [name, text] of [['passwd', PASSWD] as const, ['group', GROUP] as const]) {
    await writeFile(join(dir, name), text);
    await chmod(join(dir, name), 0o644);
    lines.push(await show(join(dir, name), `/etc/${name}`, 'file'));
  }
  for (const name of DEVICES) {
    await makePoint(root, `/dev/${name}`, 'file');
    lines.push(bindWritable(`/dev/${name}`, `/dev/${name}`));
  }
  for (const [name, to] of Object.entries(DEVICE_LINKS)) await symlink(to, join(root, 'dev', name));
  await makePoint(root, '/proc', 'folder');
  lines.push({ source: 'proc', target: '/proc', type: 'proc', options: ['nosuid', 'nodev', 'noexec'] });
  // What may be written to there by user number 0, with or without its powers, belongs to the whole machine.
  for (const path of isRoot ? ['/proc/sys', '/proc/sysrq-trigger'] : [])
    if (await exists(path))
      lines.push({ source: join(root, path), target: path, type: 'none', options: ['bind', 'ro'] });
  return lines;
}

async function showRuntime(
  spec: SandboxSpec,
  { dir, signal }: LayOutOptions,
  show: Show,
): Promise<readonly MountLine[]> {
  const packages = await listRuntimePackages(spec);
  if (packages.length === 0) return [await show(spec.runtime, '/var/runtime')];
  // A copy, in which there are points for the packages to be mounted on.
  const copy = join(dir, 'runtime');
  await mergeFolders([spec.runtime], copy, signal);
  const lines = [await show(copy, '/var/runtime')];
  for (const { path, source, kind } of packages) {
    await makePoint(copy, `/${path}`, kind);
    lines.push(await show(source, `/var/runtime/${path}`, kind));
  }
  return lines;
}

async function showLayers(
  spec: SandboxSpec,
  hostPaths: readonly HostPath[],
  { dir, overlay, signal }: LayOutOptions,
  show: Show,
): Promise<readonly MountLine[]> {
  const sources = [...spec.layers];
  const points = hostPaths.filter(({ path }) => isWithin(path, ['/opt']));
  if (points.length > 0) {
    const below = join(dir, 'points');
    for (const { path, kind } of points) await makePoint(below, path.slice('/opt'.length), kind);
    sources.unshift(below);
  }
  const [only, ...others] = sources;
  const merged = join(dir, 'opt');
  if (only !== undefined && others.length === 0) return [await show(only, '/opt')];
  await makeFolder(merged);
  const line = await show(merged, '/opt');
  if (only === undefined) return [line];
  if (!overlay) {
    await mergeFolders(sources, merged, signal);
    return [line];
  }
  // Names of our own, since those of the layers may hold what separates them.
  await Promise.all(sources.map((source, index) => symlink(source, join(dir, `layer-${index}`))));
  const lower = sources.map((_, index) => `layer-${index}`).reverse();
  return [
    { source: 'overlay', target: '/opt', type: 'overlay', options: ['ro', `lowerdir=${lower.join(':')}`] },
  ];
}

async function showMount({ mount }: SandboxSpec, root: string): Promise<readonly MountLine[]> {
  if (!mount) return [];
  await makePoint(root, mount.path, 'folder');
  return [bindWritable(mount.folder, mount.path)];
}

async function showHostPath(
  { path, kind, writable }: HostPath,
  root: string,
  show: Show,
): Promise<MountLine> {
  if (!writable) return show(path, path, kind);
  await makePoint(root, path, 'folder');
  return bindWritable(path, path);
}

function bindWritable(source: string, target: string): MountLine {
  return { source, target, type: 'none', options: ['rbind'] };
}

/** Makes what a part of the host is mounted on. Below a folder that is mounted itself, it is that folder's and not seen. */
async function makePoint(root: string, target: string, kind: 'folder' | 'file'): Promise<void> {
  const path = join(root, target);
  await makeFolder(kind === 'folder' ? path : dirname(path));
  if (kind === 'file') await writeFile(path, '', { flag: 'a' });
}

function partition<T>(
  items: readonly T[],
  isFirst: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter(item => !isFirst(item))];
}
