import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../../../errors.ts';
import type { SandboxExit, SandboxHost, SandboxSpec } from '../../types.ts';
import { type CgroupBase, findCgroupBase } from './cgroup.ts';
import { type NamespaceMeans, openNamespaceHost } from './open-namespace-host.ts';
import { isOpen } from './sandbox-user.ts';

/** What worked in this process, by what of the host has to be shown: it need not be tried again. */
const proven = new Map<string, NamespaceMeans | null>();

/**
 * Opens a host with the best means of this kernel that work, by really entering such a sandbox. Null, and said, where this machine
 * lets nobody into one; throws `SANDBOX_FAILED` where it is only this sandbox that cannot be entered.
 */
export async function tryNamespaces(spec: SandboxSpec, signal: AbortSignal): Promise<SandboxHost | null> {
  if (process.platform !== 'linux') return null;
  const { mount, interpreter, visible } = spec;
  const key = JSON.stringify([mount, interpreter, visible, await listClosed(spec)]);
  let means = proven.get(key);
  if (means === undefined) {
    means = await findMeans(spec, signal);
    proven.set(key, means);
  }
  return means && openNamespaceHost(spec, means, signal);
}

/** Folders that are shown in another way than the others. */
async function listClosed({ code, layers, runtimePackages }: SandboxSpec): Promise<readonly string[]> {
  const folders = [code, ...layers, runtimePackages].filter(folder => folder !== null);
  const found = await Promise.all(folders.map(folder => stat(folder).catch(() => null)));
  return folders.filter((_, at) => found[at] && !isOpen(found[at]));
}

async function findMeans(spec: SandboxSpec, signal: AbortSignal): Promise<NamespaceMeans | null> {
  const found = await tryAll(spec, signal);
  if (!(found instanceof Error)) return found;
  const refused = await tryBare(spec, signal);
  if (!(refused instanceof Error) || !isRefusal(refused))
    throw new SlimError('SANDBOX_FAILED', [toLine(found)], { cause: found });
  spec.onLog(`Note: this machine has no sandbox for it, so it runs without one: ${toLine(refused)}\n`);
  return null;
}

/** The first means that work, else why the last ones do not. */
async function tryAll(spec: SandboxSpec, signal: AbortSignal): Promise<NamespaceMeans | Error> {
  const { code, runtime, layers } = spec;
  // Two layers, so that merging them is tried as well.
  const trial = { ...spec, layers: layers.length > 1 ? layers : [code, runtime], onLog: () => {} };
  let failure = new Error('no means to try');
  for (const means of listMeans(await findCgroupBase(signal))) {
    const failed = await tryToEnter(trial, means, signal);
    if (failed === null) return means;
    failure = failed;
  }
  return failure;
}

/** The same with nothing in it that belongs to the function. */
async function tryBare(spec: SandboxSpec, signal: AbortSignal): Promise<NamespaceMeans | Error> {
  const empty = await mkdtemp(join(spec.workDir, 'bare-'));
  try {
    await chmod(empty, 0o755);
    const interpreter = { file: '/bin/sh', folders: [] };
    const nothing = { layers: [], mount: null, runtimePackages: null, visible: [], interpreter };
    return await tryAll({ ...spec, ...nothing, code: empty, runtime: empty }, signal);
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}

/** True for what the kernel or a tool says, not for a full disk or the like. */
function isRefusal(error: Error): boolean {
  return error instanceof NotEntered || (error instanceof SlimError && REFUSALS.has(error.code));
}

const REFUSALS: ReadonlySet<string> = new Set(['TOOL_MISSING', 'COMMAND_FAILED']);

class NotEntered extends Error {}

function toLine({ message }: Error): string {
  return message.trim().replace(/\s*\n\s*/g, '; ');
}

function listMeans(cgroup: CgroupBase | null): readonly NamespaceMeans[] {
  const kinds = process.getuid?.() === 0 ? [true, false] : [false];
  return kinds.flatMap(isRoot => {
    const disks = isRoot ? [true, false] : [false];
    return disks.flatMap(disk => [true, false].map(overlay => ({ isRoot, disk, overlay, cgroup })));
  });
}

/** Null when it could be entered, else why it could not. */
async function tryToEnter(
  spec: SandboxSpec,
  means: NamespaceMeans,
  signal: AbortSignal,
): Promise<Error | null> {
  try {
    const host = await openNamespaceHost(spec, means, signal);
    try {
      const sandbox = await host.startFile('true', { args: [], env: { PATH: '/usr/bin:/bin' } });
      const exit = await sandbox.exited;
      await sandbox.stop();
      return exit.kind === 'exit' && exit.code === 0 ? null : new NotEntered(describe(exit));
    } finally {
      await host.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
}

function describe(exit: SandboxExit): string {
  if (exit.kind === 'not-started') return exit.reason;
  return exit.kind === 'exit' ? `it ended with ${exit.signal ?? exit.code}` : 'its memory was used up';
}
