import { chmod, constants, copyFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { mergeFolders } from '../merge-folders.ts';
import { readNoexec } from './host-paths.ts';
import type { MountLine } from './mount-table.ts';
import { isOpen } from './sandbox-user.ts';

export interface ShowOptions {
  /** An empty folder, which the new root and other parts are made in. */
  readonly dir: string;
  /** True where the kernel's overlay file system can merge folders; else they are copied. */
  readonly overlay: boolean;
  readonly isRoot: boolean;
  readonly signal: AbortSignal;
}

type Kind = 'folder' | 'file';

/** Ways to show parts of the host, none of which can be written to. */
export interface Shows {
  /** On what is there. */
  on(source: string, target: string): Promise<MountLine>;
  /** On a point that is made for it. */
  at(source: string, target: string, kind?: Kind): Promise<MountLine>;
  /** Folders over one another, the last one on top, as `/opt`. */
  merged(sources: readonly string[], target: string): Promise<MountLine>;
}

/** Prepares to show parts of the host below `root`. */
export async function openShows(root: string, options: ShowOptions): Promise<Shows> {
  const isNoexec = await readNoexec();
  const folders = makeFolderStack(options);
  const on: Shows['on'] = async (source, target) => {
    const found = await stat(source);
    const flags = ['ro', 'nosuid', 'nodev', ...((await isNoexec(source)) ? ['noexec'] : [])];
    const bind = { source, target, type: 'none', options: ['rbind', ...flags] } as const;
    // The files are those of the user that we run as, unless that is root.
    if (!options.isRoot || isOpen(found)) return bind;
    if (found.isDirectory()) return folders.stack([source], target, flags);
    return { ...bind, source: await folders.copyFile(source, found.mode) };
  };
  return {
    on,
    async at(source, target, kind = 'folder') {
      await makePoint(root, target, kind);
      return on(source, target);
    },
    async merged(sources, target) {
      await makePoint(root, target, 'folder');
      return folders.stack(sources, target, ['ro', 'nosuid', 'nodev']);
    },
  };
}

/** Shows folders under a top that all may look into, which nothing of the host's is changed for. */
function makeFolderStack({ dir, overlay, signal }: ShowOptions) {
  let count = 0;
  const name = (): string => `shown-${count++}`;
  return {
    async stack(sources: readonly string[], target: string, flags: readonly string[]): Promise<MountLine> {
      const top = name();
      await makeFolder(join(dir, top));
      if (!overlay) {
        await mergeFolders(sources, join(dir, top), signal);
        return { source: join(dir, top), target, type: 'none', options: ['rbind', ...flags] };
      }
      // Names of our own, since those of the host may hold what separates them.
      const lower = sources.map(source => ({ source, link: name() }));
      await Promise.all(lower.map(({ source, link }) => symlink(source, join(dir, link))));
      const names = [top, ...lower.map(({ link }) => link).reverse()];
      return {
        source: 'overlay',
        target,
        type: 'overlay',
        options: [...flags, `lowerdir=${names.join(':')}`],
      };
    },
    async copyFile(source: string, mode: number): Promise<string> {
      const copy = join(dir, name());
      await copyFile(source, copy, constants.COPYFILE_FICLONE);
      await chmod(copy, mode & 0o100 ? 0o755 : 0o644);
      return copy;
    },
  };
}

/** Shows a part of the host that can be written to. */
export function bindWritable(source: string, target: string): MountLine {
  return { source, target, type: 'none', options: ['rbind'] };
}

/** Makes what a part of the host is mounted on. Below a folder that is mounted itself, it is that folder's and not seen. */
export async function makePoint(root: string, target: string, kind: Kind): Promise<void> {
  const path = join(root, target);
  await makeFolder(kind === 'folder' ? path : dirname(path));
  if (kind === 'file') await writeFile(path, '', { flag: 'a' });
}
