import type { SandboxHost, SandboxSpec } from '../../types.ts';
import { type CgroupBase, findCgroupBase } from './cgroup.ts';
import { type NamespaceMeans, openNamespaceHost } from './open-namespace-host.ts';

/** What worked in this process, by what of the host has to be shown: it need not be tried again. */
const proven = new Map<string, NamespaceMeans | null>();

/** Opens a host with the best means of this kernel that work, by really entering such a sandbox; null where none does. */
export async function tryNamespaces(spec: SandboxSpec, signal: AbortSignal): Promise<SandboxHost | null> {
  if (process.platform !== 'linux') return null;
  const { mount, interpreter, visible } = spec;
  const key = JSON.stringify([mount, interpreter, visible]);
  let means = proven.get(key);
  if (means === undefined) {
    means = await findMeans(spec, signal);
    proven.set(key, means);
  }
  return means && openNamespaceHost(spec, means, signal);
}

async function findMeans(spec: SandboxSpec, signal: AbortSignal): Promise<NamespaceMeans | null> {
  const { code, runtime, layers } = spec;
  // Two layers, so that merging them is tried as well.
  const trial = { ...spec, layers: layers.length > 1 ? layers : [code, runtime], onLog: () => {} };
  for (const means of listMeans(await findCgroupBase(signal))) {
    if (await canEnter(trial, means, signal)) return means;
  }
  return null;
}

function listMeans(cgroup: CgroupBase | null): readonly NamespaceMeans[] {
  const kinds = process.getuid?.() === 0 ? [true, false] : [false];
  return kinds.flatMap(isRoot => {
    const disks = isRoot ? [true, false] : [false];
    return disks.flatMap(disk => [true, false].map(overlay => ({ isRoot, disk, overlay, cgroup })));
  });
}

async function canEnter(spec: SandboxSpec, means: NamespaceMeans, signal: AbortSignal): Promise<boolean> {
  try {
    const host = await openNamespaceHost(spec, means, signal);
    try {
      const sandbox = await host.startFile('true', { args: [], env: { PATH: '/usr/bin:/bin' } });
      const exit = await sandbox.exited;
      await sandbox.stop();
      return exit.kind === 'exit' && exit.code === 0;
    } finally {
      await host.close();
    }
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
