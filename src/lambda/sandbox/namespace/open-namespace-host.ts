import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../../errors.ts';
import type { Sandbox, SandboxCommand, SandboxHost, SandboxSpec } from '../../types.ts';
import { type Cgroup, type CgroupBase, makeCgroup } from './cgroup.ts';
import { LAMBDA_PLACES, layOut } from './lay-out.ts';
import { formatMountTable, type MountLine } from './mount-table.ts';
import { noteAccess } from './note-access.ts';
import { LAMBDA_USER } from './sandbox-user.ts';
import { startInNamespace } from './start-in-namespace.ts';
import { makeTmpImage, removeTmpImage } from './tmp-image.ts';

const MIB = 1024 ** 2;

/** Which of the kernel's means a host uses. */
export interface NamespaceMeans {
  /** False where an own user namespace gives the right to mount. */
  readonly isRoot: boolean;
  readonly overlay: boolean;
  /** True where `/tmp` can be a file system of its own on the disk; else it is in memory. */
  readonly disk: boolean;
  /** Where the kernel can hold the memory size; null where we have to. */
  readonly cgroup: CgroupBase | null;
}

/** A host that can also run another file than the interpreter, for a trial. */
export interface NamespaceHost extends SandboxHost {
  startFile(file: string, command: SandboxCommand): Promise<Sandbox>;
}

interface Opened {
  readonly spec: SandboxSpec;
  readonly means: NamespaceMeans;
  readonly dir: string;
  readonly layout: Awaited<ReturnType<typeof layOut>>;
  readonly signal: AbortSignal;
}

/** Lays out the root of sandboxes that run in namespaces of their own. */
export async function openNamespaceHost(
  spec: SandboxSpec,
  means: NamespaceMeans,
  signal: AbortSignal,
): Promise<NamespaceHost> {
  const dir = await mkdtemp(join(spec.workDir, 'namespace-'));
  try {
    const { isRoot, overlay } = means;
    const layout = await layOut(spec, { dir, isRoot, overlay, signal });
    if (isRoot) await noteAccess(spec);
    return toHost({ spec, means, dir, layout, signal });
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

function toHost(opened: Opened): NamespaceHost {
  const { spec, means, dir, layout } = opened;
  const images = keepImageReady(opened);
  let count = 0;
  const startFile = async (file: string, command: SandboxCommand): Promise<Sandbox> => {
    if (opened.signal.aborted) throw new SlimError('CANCELLED', []);
    const table = join(dir, `mounts-${++count}`);
    const image = await images.take();
    let cgroup: Cgroup | null = null;
    const cleanUp = async (): Promise<void> => {
      await cgroup?.remove();
      if (image) await removeTmpImage(image);
      await rm(table, { force: true });
      images.prepare();
    };
    try {
      cgroup = await makeGroup(opened);
      await writeFile(table, formatMountTable(layout.root, listMounts(opened, image)));
      return await startInNamespace(command, { ...toStart(opened), file, table, cgroup, cleanUp });
    } catch (error) {
      await cleanUp();
      throw error;
    }
  };
  images.prepare();
  return {
    isolation: describe(spec, means),
    places: LAMBDA_PLACES,
    startFile,
    start: command => startFile(spec.interpreter.file, command),
    async close() {
      await images.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function toStart({ spec, means, dir, layout, signal }: Opened) {
  return {
    signal,
    isRoot: means.isRoot,
    root: layout.root,
    folder: LAMBDA_PLACES.task,
    dir,
    limitBytes: spec.memoryMiB * MIB,
    isPolled: isPolled(means),
    onLog: spec.onLog,
  };
}

function describe({ writableCode }: SandboxSpec, means: NamespaceMeans): SandboxHost['isolation'] {
  return {
    kind: means.isRoot ? 'namespace' : 'user-namespace',
    memory: isPolled(means) ? 'polled' : 'cgroup',
    tmp: means.disk ? 'disk' : 'tmpfs',
    readOnlyCode: !writableCode,
  };
}

/** What lies in a `/tmp` in memory counts for the kernel, but not on Lambda: then the kernel's limit is wider than the true one. */
function isPolled({ cgroup, disk }: NamespaceMeans): boolean {
  return cgroup === null || !disk;
}

async function makeGroup({ spec, means }: Opened): Promise<Cgroup | null> {
  const mib = spec.memoryMiB + (means.disk ? 0 : spec.tmpMiB);
  return means.cgroup && makeCgroup(means.cgroup, mib * MIB);
}

function listMounts({ spec, layout, means }: Opened, image: string | null): readonly MountLine[] {
  const tmp: MountLine = image
    ? {
        source: image,
        target: '/tmp',
        type: 'ext4',
        options: ['loop', 'rw', 'nosuid', 'nodev', 'noatime', 'noinit_itable'],
      }
    : {
        source: 'tmpfs',
        target: '/tmp',
        type: 'tmpfs',
        options: [
          ...['rw', 'nosuid', 'nodev', 'mode=0755', `size=${spec.tmpMiB}m`],
          ...(means.isRoot ? [`uid=${LAMBDA_USER.uid}`, `gid=${LAMBDA_USER.gid}`] : []),
        ],
      };
  return [...layout.before, tmp, ...layout.after];
}

interface ReadyImage {
  /** Begins to make an image, unless one is ready. */
  prepare(): void;
  take(): Promise<string | null>;
  close(): Promise<void>;
}

/** Makes the image for the next `/tmp` ahead of its start, since that takes as long as the rest of it. */
function keepImageReady({ spec, means, dir, signal }: Opened): ReadyImage {
  let next: Promise<string> | null = null;
  let count = 0;
  const make = async (): Promise<string> => {
    const path = join(dir, `tmp-${++count}.img`);
    await makeTmpImage(path, spec.tmpMiB, signal);
    return path;
  };
  const prepare = (): void => {
    if (!means.disk || next) return;
    next = make();
    // Whoever takes it is told.
    next.catch(() => {});
  };
  return {
    prepare,
    async take() {
      prepare();
      const taken = next;
      next = null;
      return taken;
    },
    async close() {
      await next?.catch(() => {});
    },
  };
}
